"""The database refuses to change a snapshot, whatever the code above it does."""

import datetime as dt
import hashlib

import pytest
from django.db import IntegrityError, transaction

from enterprises.domain.reference import load_enterprise_reference
from enterprises.enums import Role
from enterprises.models import Department, Enterprise, User
from review.enums import Stage
from review.models import Campaign, Filing, Snapshot
from riskreport.ground import clock

pytestmark = pytest.mark.django_db
DAY = dt.date(2021, 10, 19)


@pytest.fixture
def snapshot(db):
    load_enterprise_reference()
    place = {"town_id": 320583104, "category_id": "1401"}
    unit = Enterprise.objects.create(
        name="花桥颐养院", temporary_code="T-1", no_code_reason="awaiting", address="花桥镇", joined_on=DAY, **place
    )
    campaign = Campaign.objects.create(code="key", name="重点", opens_on=DAY, due_on=DAY + dt.timedelta(days=90))
    filing = Filing.objects.create(
        campaign=campaign,
        enterprise=unit,
        department=Department.objects.get(code="civil-320583"),
        scale="none",
        joined_on=DAY,
        due_on=campaign.due_on,
        **place,
    )
    person = User.objects.create_user(
        account="u", password=None, name="周敏", role=Role.ENTERPRISE_USER, enterprise=unit
    )
    return Snapshot.objects.create(
        filing=filing,
        number=1,
        stage=Stage.DRAFT,
        content="{}",
        sha256=hashlib.sha256(b"{}").hexdigest(),
        created_by=person,
        created_at=clock.now(),
    )


@pytest.mark.parametrize("change", [{"content": '{"a":1}'}, {"sha256": "0" * 64}, {"number": 2}])
def test_no_column_of_a_snapshot_can_be_updated(snapshot, change):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(**change)
    kept = Snapshot.objects.get(pk=snapshot.pk)
    assert (kept.number, kept.content, kept.sha256) == (1, "{}", hashlib.sha256(b"{}").hexdigest())


def test_a_further_snapshot_of_the_same_filing_is_welcome(snapshot):
    Snapshot.objects.create(
        filing=snapshot.filing,
        number=2,
        stage=Stage.DRAFT,
        content="{}",
        sha256=snapshot.sha256,
        created_by=snapshot.created_by,
        created_at=clock.now(),
    )
    assert Snapshot.objects.filter(filing=snapshot.filing).count() == 2
