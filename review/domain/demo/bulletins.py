"""Bulletins of the demo city's committee office: last week's issued, today's a draft, tomorrow's prepared by night."""

import datetime as dt

from enterprises.models import User
from review.domain.bulletins.making import issue_bulletin, make_bulletin
from review.domain.bulletins.templates import save_template, words_of
from review.enums import BulletinKind
from review.models import Campaign

WEEK = dt.timedelta(days=7)


def write_bulletins(*, campaign: Campaign, today: dt.date) -> None:
    """Let the demo's own office switch the nightly draft on, issue last week's bulletin and begin today's.

    Side effects: those of ``save_template``, ``make_bulletin`` and ``issue_bulletin``, by the person behind
    ``demo-office``.
    """
    office = User.objects.get(account="demo-office")
    words = words_of(office.department, BulletinKind.DAILY)
    save_template(
        user=office, kind=BulletinKind.DAILY, title=words.title, text=words.text, nightly=True, seen_number=words.number
    )
    last = make_bulletin(user=office, campaign=campaign, kind=BulletinKind.WEEKLY, as_of=today - WEEK)
    issue_bulletin(bulletin_id=last.pk, user=office, seen_version=last.version)
    for kind in BulletinKind.values:
        make_bulletin(user=office, campaign=campaign, kind=kind, as_of=today)
