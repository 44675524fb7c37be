"""The text of a bulletin: its placeholders, found in what an office wrote and filled in by plain substitution.

Nothing an office writes is ever run: a placeholder is a name in braces out of a fixed list, everything else is text.
"""

import re
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MARK = re.compile(r"\{([^{}\n]{0,40})\}")
# Names are Chinese whatever the language of the page: the text they stand in is Chinese.
PLACEHOLDERS: dict[str, str | Promise] = {
    "区域": _("area of the bulletin"),
    "任务名称": _("name of the reporting task"),
    "年份": _("year of the day it counts to"),
    "截至日期": _("day up to which it counts, without the year"),
    "上期日期": _("day of the figures it compares with"),
    "应报": _("units expected to report"),
    "已报": _("units that have filed"),
    "按时报送": _("units that filed on time"),
    "未报": _("units that have not filed"),
    "报送率": _("rate with its sign"),
    "按时报送率": _("rate on time with its sign"),
    "较上期新增": _("how many more have filed since the day it compares with"),
    "序时进度": _("share the plan asks for on that day"),
    "进度评价": _("ahead, on plan, or behind by so many days"),
    "完成时限": _("day by which all are due"),
    "剩余天数": _("days left"),
    "剩余工作日": _("working days left"),
    "日均需报": _("needed a working day from now on"),
    "规上应报": _("above scale: expected"),
    "规上已报": _("above scale: filed"),
    "规上报送率": _("above scale: rate"),
    "规下应报": _("below scale: expected"),
    "规下已报": _("below scale: filed"),
    "规下报送率": _("below scale: rate"),
    "前三名": _("the three first areas with their rates"),
    "后三名": _("the three last areas with their rates"),
    "进步最快": _("the area that gained most since the day it compares with"),
    "风险数": _("larger-and-above risks"),
    "核查家数": _("reports verified on the spot"),
    "补报家数": _("zero-risk reports that were supplemented"),
}


def unknown_placeholders(*texts: str) -> list[str]:
    """Return what stands in braces and is no placeholder, in the order it is met, each once."""
    found = [name for text in texts for name in MARK.findall(text) if name not in PLACEHOLDERS]
    return list(dict.fromkeys(found))


def has_loose_brace(*texts: str) -> bool:
    """Whether a brace opens or closes nothing: a placeholder that would be printed half."""
    return any(set("{}") & set(MARK.sub("", text)) for text in texts)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each placeholder replaced, once: what a value says is never read again.

    Raises KeyError for a placeholder that ``values`` does not answer.
    """
    return MARK.sub(lambda mark: values[mark.group(1)], text)


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs of a text, one a line, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def joined(names: Iterable[str]) -> str:
    """Return names as Chinese text lists them."""
    return "、".join(names)
