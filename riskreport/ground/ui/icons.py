"""Icons of one set (Heroicons), drawn into the page, so that they follow the text's colour and print."""

from functools import lru_cache

from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_outline, heroicon_solid


@lru_cache(maxsize=256)
def draw_icon(name: str, size: int = 20, style: str = "outline") -> SafeString:
    """Return the icon as SVG of ``size`` pixels, hidden from screen readers: the word beside it speaks.

    Raises heroicons.IconDoesNotExist for a name the set lacks.
    """
    draw = heroicon_solid if style == "solid" else heroicon_outline
    return draw(str(name), size=size, aria_hidden="true", focusable="false")
