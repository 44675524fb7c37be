"""What happens in the demo city today: some dozen moves made by the executor itself, section by section."""

import struct
import zlib
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from enterprises.models import User
from review.domain.attachments import attach_file
from review.domain.context import item_groups_of
from review.domain.demo import names
from review.domain.demo.people import Cast
from review.domain.sections import save_risk, save_section
from review.domain.workflow import move_filing
from review.enums import Action, Answered, AttachmentKind, FilingState
from review.models import Filing
from risks.enums import Rank

A, S = Action, FilingState
SCAN = "初报盖章页.png"
PLAIN = "unit-"  # reports behind a demo account stay where the walk expects them


def make_moves_of_today(*, rng: Random, cast: Cast, runs: int) -> None:
    """Take ``runs`` untouched reports of each campaign to their end, and move as many in each queue one step on.

    Every event owes its reactions, so the inboxes and colours of today are made as in service.
    """
    for filing in _waiting(S.NOT_STARTED, runs):
        take_the_whole_way(rng, cast, filing)
    _enter_paper(rng, cast)
    for filing in _waiting(S.SUBMITTED, runs):
        _review(cast, filing, A.APPROVE)
    for filing in _waiting(S.APPROVED, runs):
        _file(cast, filing)


def _waiting(state: FilingState, runs: int) -> list[Filing]:
    """Return up to ``runs`` reports of each campaign in that state, the longest waiting first."""
    rows = Filing.objects.filter(
        state=state, left_on=None, enterprise__people__account__startswith=PLAIN, is_paper=False
    ).exclude(department__people__account__startswith="demo-")
    rows = rows.select_related("campaign", "enterprise", "category").order_by("submitted_at", "pk")
    found: list[Filing] = []
    for campaign_id in sorted(set(rows.order_by().values_list("campaign_id", flat=True))):
        found += rows.filter(campaign_id=campaign_id)[:runs]
    return found


def take_the_whole_way(rng: Random, cast: Cast, filing: Filing) -> None:
    """Take an untouched report from its start to filed, by its unit's person and the first reviewer of its office."""
    user = cast.units[filing.enterprise_id]
    _write(rng, filing, user)
    if filing.campaign.stages == 1:
        _file(cast, filing)
        return
    _move(filing, A.SUBMIT, user)
    _review(cast, filing, A.APPROVE)
    _file(cast, filing)


def _enter_paper(rng: Random, cast: Cast) -> None:
    """Enter the paper report of one unit at home for it, so that the second reviewer there finds it waiting."""
    rows = Filing.objects.filter(state=S.NOT_STARTED, department__people__account="demo-rev", category="1401")
    rows = rows.filter(enterprise__people__account__startswith=PLAIN).select_related(
        "campaign", "enterprise", "category"
    )
    filing = rows.order_by("pk").first()
    if filing is None:
        return
    user = User.objects.get(account="demo-rev")
    _write(rng, filing, user)
    scan = SimpleUploadedFile(SCAN, stamped_page(), "image/png")
    attach_file(filing_id=filing.pk, user=user, name=SCAN, file=scan, kind=AttachmentKind.STAMPED)
    _move(filing, A.SUBMIT, user)


def stamped_page() -> bytes:
    """Return a PNG picture of an empty page with a red ring where the stamp would be."""
    width, height, middle = 310, 438, (215, 350)
    rows = []
    for y in range(height):
        distances = ((x - middle[0]) ** 2 + (y - middle[1]) ** 2 for x in range(width))
        rows.append(b"\0" + bytes(1 if 44**2 <= distance <= 50**2 else 0 for distance in distances))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"\xff\xff\xff\xc6\x28\x28"), (b"IDAT", zlib.compress(b"".join(rows))))
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in (*parts, (b"IEND", b""))
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _write(rng: Random, filing: Filing, user: User) -> None:
    """Start the report, answer every page, and name who is responsible for what is declared."""
    _move(filing, A.START, user)
    for page in item_groups_of(filing):
        answers = {item.code: {"answer": Answered.ABSENT.value, "note": ""} for item in page.items}
        if rng.random() < 0.4:
            answers[page.items[0].code]["answer"] = Answered.PRESENT.value
        save_section(filing_id=filing.pk, key=page.section_key, data={"answers": answers}, user=user, seen_version=0)
    for risk in filing.declared_risks.all():
        save_risk(
            filing_id=filing.pk,
            risk_id=risk.pk,
            user=user,
            seen_version=risk.version,
            values={
                "responsible_department": "安全管理部",
                "responsible_name": names.person(rng),
                "responsible_post": filing.category.rank_map.get(Rank.DEPUTY.value, "副总经理").split("、")[0],
                "responsible_phone": names.phone(rng),
                "rank": Rank.DEPUTY.value,
            },
        )


def _review(cast: Cast, filing: Filing, outcome: Action) -> None:
    reviewer = cast.reviewers[filing.department_id][0]
    _move(filing, A.CLAIM, reviewer)
    _move(filing, outcome, reviewer)


def _file(cast: Cast, filing: Filing) -> None:
    user = cast.units[filing.enterprise_id]
    signed = {"certified": True, "signed_name": user.name, "signed_post": user.post}
    _move(filing, A.FILE, user, given=signed)


def _move(filing: Filing, action: Action, user: User, given: dict | None = None) -> None:
    version = Filing.objects.values_list("version", flat=True).get(pk=filing.pk)
    move_filing(filing_id=filing.pk, action=action, user=user, seen_version=version, given=given)
