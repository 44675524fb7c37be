"""Making a bulletin, editing its text, issuing it, discarding it."""

import datetime as dt
import json
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from enterprises.models import Department, User
from review.checks.bulletin_text import fill_in
from review.domain.bulletins.figures import read_figures, values_of
from review.domain.bulletins.templates import words_of
from review.enums import BulletinKind, BulletinState, CampaignState
from review.models import Bulletin, Campaign
from review.queries.content import canonical, sha256_of
from review.rules import is_own_bulletin, keeps_bulletins
from riskreport.ground import clock
from riskreport.ground.access import Refused
from riskreport.ground.domain.conflicts import ContentConflict
from riskreport.ground.domain.events import record_event


def make_bulletin(*, user: User, campaign: Campaign, kind: str, as_of: dt.date) -> Bulletin:
    """Make the draft of a bulletin of the person's office, or return the one of that day that is still a draft.

    Side effects, in order, in one transaction: right, task and day are checked; the department is locked; the figures
    are read and frozen with their SHA-256, the template is filled in with them; the bulletin, as the next edition where
    one of that day was issued or discarded; event ``bulletin.made``. A second call finds the draft. Raises Refused.
    """
    with transaction.atomic():
        keeps_bulletins.check(user)
        if campaign.state == CampaignState.DRAFT:
            raise Refused(_("This reporting task has not been launched. There are no figures of it yet."))
        if not campaign.opens_on <= as_of <= clock.today():
            raise Refused(_("Choose a day from the opening of the reporting task up to today."))
        return _made(_locked(user.department.pk), campaign, kind, as_of, user)


def prepare_bulletin(*, department: Department, campaign: Campaign, kind: str, as_of: dt.date) -> bool:
    """Prepare the draft of a day for the morning; return whether there was none yet, whatever became of it.

    Side effects, in order, in one transaction: the department is locked; what ``make_bulletin`` writes, by nobody. A
    second call finds the bulletin, also one that a person has issued or discarded, and changes nothing.
    """
    with transaction.atomic():
        department = _locked(department.pk)
        known = Bulletin.objects.filter(department=department, campaign=campaign, kind=kind, as_of=as_of)
        if known.exists():
            return False
        _made(department, campaign, kind, as_of, None)
    return True


def _locked(pk: int) -> Department:
    return Department.objects.select_for_update(of=("self",)).select_related("region").get(pk=pk)


def _made(department: Department, campaign: Campaign, kind: str, as_of: dt.date, user: User | None) -> Bulletin:
    same = Bulletin.objects.filter(department=department, campaign=campaign, kind=kind, as_of=as_of)
    draft = same.filter(state=BulletinState.DRAFT).first()
    if draft is not None:
        return draft
    figures = read_figures(campaign=campaign, kind=kind, as_of=as_of, region=department.region)
    frozen, values, words = canonical(figures), values_of(figures), words_of(department, kind)
    row = Bulletin.objects.create(
        department=department,
        campaign=campaign,
        kind=BulletinKind(kind),
        as_of=as_of,
        edition=(same.aggregate(last=Max("edition"))["last"] or 0) + 1,
        title=fill_in(words.title, values)[:160],
        text=fill_in(words.text, values),
        figures=frozen,
        sha256=sha256_of(frozen),
        made_by=user,
        made_at=clock.now(),
    )
    _record(row, user, "made", template=words.number)
    return row


def save_bulletin(*, bulletin_id: int, user: User, title: str, text: str, seen_version: int) -> Bulletin:
    """Keep what a person made of title and text of a draft; the figures stay as they were frozen.

    Side effects, in order, in one transaction: the bulletin is locked; right, state and version are asked; title, text
    and version; event ``bulletin.saved``. Saving what stands changes nothing. Raises Refused, ContentConflict.
    """
    with transaction.atomic():
        row = _own(bulletin_id, user)
        if (row.title, row.text) == (title, text):
            return row
        _check_draft(row)
        if row.version != seen_version:
            theirs, yours = {"title": row.title, "text": row.text}, {"title": title, "text": text}
            raise ContentConflict(theirs=theirs, yours=yours, version=row.version)
        row.title, row.text, row.version = title, text, row.version + 1
        row.save(update_fields=["title", "text", "version"])
        _record(row, user, "saved", version=row.version)
    return row


def issue_bulletin(*, bulletin_id: int, user: User, seen_version: int) -> Bulletin:
    """Issue a bulletin: from now on the officials of its area read it, and nothing of it changes any more.

    Side effects, in order, in one transaction: the bulletin is locked; right, state and version are asked, and that the
    figures are those that were frozen; state, who and when; event ``bulletin.issued``. A second call changes nothing.
    Raises Refused.
    """
    with transaction.atomic():
        row = _own(bulletin_id, user)
        if row.state == BulletinState.ISSUED:
            return row
        _check_draft(row)
        if row.version != seen_version:
            raise Refused(_("A colleague changed the text meanwhile. Read it again before you issue it."))
        if sha256_of(row.figures) != row.sha256:
            raise Refused(_("The figures are not those that were frozen. Discard this draft and make another one."))
        row.state, row.issued_by, row.issued_at = BulletinState.ISSUED, user, clock.now()
        row.save(update_fields=["state", "issued_by", "issued_at"])
        _record(row, user, "issued", sha256=row.sha256)
    return row


def discard_bulletin(*, bulletin_id: int, user: User) -> Bulletin:
    """Put a draft aside; the night prepares none in its place.

    Side effects, in order, in one transaction: the bulletin is locked; right and state are asked; state; event
    ``bulletin.discarded``. A second call changes nothing. Raises Refused.
    """
    with transaction.atomic():
        row = _own(bulletin_id, user)
        if row.state == BulletinState.DISCARDED:
            return row
        _check_draft(row)
        row.state = BulletinState.DISCARDED
        row.save(update_fields=["state"])
        _record(row, user, "discarded")
    return row


def _own(pk: int, user: User) -> Bulletin:
    row = Bulletin.objects.select_for_update(of=("self",)).get(pk=pk)
    is_own_bulletin.check(user, row)
    return row


def _check_draft(row: Bulletin) -> None:
    if row.state == BulletinState.ISSUED:
        raise Refused(_("This bulletin was issued and stays as it is. Make a corrected edition of the same day."))
    if row.state == BulletinState.DISCARDED:
        raise Refused(_("This draft was discarded. Make another one of the same day."))


def _record(row: Bulletin, user: User | None, what: str, **more: Any) -> None:
    data = {"kind": row.kind, "as_of": row.as_of.isoformat(), "campaign": row.campaign_id, "edition": row.edition}
    record_event(kind=f"bulletin.{what}", actor=user, about=row, data=data | more)


def figures_in(row: Bulletin) -> dict[str, Any]:
    """Return the frozen figures of a bulletin."""
    return json.loads(row.figures)
