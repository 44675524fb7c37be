"""Putting a letter's text together: marks such as 【任务】 in a standard's text become what the evidence says.

What depends on terms that may still change while it is a draft (【答复期限】, an interview's time) is filled in when
the letter is previewed and, for good, when it is issued. Texts are Chinese whatever the writer's language: they are
letters of a Chinese office.
"""

import datetime as dt
import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from review.models import Letter

MARK = re.compile(r"【([^【】\s]{1,12})】")
OF_EVIDENCE = ("对象", "任务", "截至", "情况", "原因", "应报", "已报", "未报", "完成率", "落后天数", "要求完成日")
OF_TERMS = ("答复期限", "约谈时间", "约谈地点", "约谈对象")
MARKS = (*OF_EVIDENCE, *OF_TERMS)


def unknown_marks(text: str) -> list[str]:
    """Return the marks in a text that nothing fills in."""
    return sorted({mark for mark in MARK.findall(text) if mark not in MARKS})


def long_day(day: dt.date) -> str:
    """Return a day as letters write it: 2021年10月19日."""
    return f"{day.year}年{day.month}月{day.day}日"


def long_moment(at: dt.datetime) -> str:
    """Return a moment as letters write it: 2021年10月19日9时30分."""
    local = timezone.localtime(at)
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{long_day(local.date())}{local.hour}时{minutes}"


def filled(text: str, values: dict[str, str]) -> str:
    """Return the text with the marks that ``values`` knows filled in; a value is never read for marks again."""
    return MARK.sub(lambda found: values.get(found[1], found[0]), text)


def evidence_values(content: dict[str, Any]) -> dict[str, str]:
    """Return what the evidence says, by mark."""
    figures, campaign = content["figures"], content["campaign"]
    return {
        "对象": content["name"],
        "任务": campaign["name"],
        "截至": long_day(dt.date.fromisoformat(content["as_of"])),
        "情况": content["situation"],
        "应报": f"{figures['expected']}",
        "已报": f"{figures['actual']}",
        "未报": f"{figures['expected'] - figures['actual']}",
        "完成率": f"{content['rate']}%",
        "落后天数": f"{content['days_behind']}",
        "原因": content["reason"],
        "要求完成日": long_day(dt.date.fromisoformat(campaign["due_on"])),
    }


def filled_terms(letter: Letter, due_on: dt.date) -> str:
    """Return the letter's text with its day and its interview filled in."""
    values = {"答复期限": long_day(due_on)}
    interview = getattr(letter, "interview", None)
    if interview is not None:
        values |= {"约谈时间": long_moment(interview.at), "约谈地点": interview.place, "约谈对象": interview.invited}
    return filled(letter.body, values)


def check_text(text: str) -> str:
    """Return what is wrong with the marks of a text, or nothing."""
    wrong = unknown_marks(text)
    if not wrong:
        return ""
    return _("Nothing fills in %(marks)s. The marks known are: %(known)s.") % {
        "marks": "".join(f"【{mark}】" for mark in wrong),
        "known": "".join(f"【{mark}】" for mark in MARKS),
    }
