"""What the pages of one draft share: the draft found within what the person keeps, its way, its checks."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from riskreport.ground.access import access
from risks.checks.catalogue_content import Known
from risks.checks.catalogue_rules import RuleKept, checklist
from risks.enums import CatalogueState
from risks.models import Catalogue
from risks.queries.catalogues import with_items
from risks.queries.drafts import content_of, drafts_kept_by, known_codes
from risks.rules import keeps_catalogues


class DraftPage:
    """One draft as a page sees it."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        self.request, self.user = request, request.user
        rows = drafts_kept_by(request.user).select_related("line", "sector")
        self.draft: Catalogue = get_object_or_404(rows, pk=pk)

    @property
    def is_fixed(self) -> bool:
        """Whether it is fixed for a later day and so cannot be edited."""
        return self.draft.state == CatalogueState.SCHEDULED

    @cached_property
    def whole(self) -> Catalogue:
        """The draft with its items and their categories."""
        return with_items(Catalogue.objects.filter(pk=self.draft.pk)).get()

    def checklist(self) -> list[RuleKept]:
        """Return the rules with what breaks them."""
        return checklist(content_of(self.whole), known=Known(**known_codes()))

    def context(self, here: str = "", **extra: Any) -> dict[str, Any]:
        """Return what every page of a draft takes."""
        crumbs = [(_("Catalogues I keep"), reverse("catalogues_keep"))]
        crumbs.append((self.draft.label, reverse("draft", args=[self.draft.pk])))
        return {
            "draft": self.draft,
            "is_fixed": self.is_fixed,
            "crumbs": [*crumbs, (here, "")] if here else crumbs,
            "title": here or self.draft.label,
            **extra,
        }


def draft_view(view: Callable) -> Callable:
    """Wrap a view of one draft: opened by the rule of keeping, given a DraftPage."""

    @access(keeps_catalogues)
    @wraps(view)
    def opened(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        return view(request, DraftPage(request, pk), **kwargs)

    return opened
