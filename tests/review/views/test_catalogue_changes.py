"""What a unit sees of a catalogue that changed, on its home and on the page of the change."""

import pytest
from django.urls import reverse

from enterprises.enums import Role
from review.enums import FilingState
from review.models import CatalogueTodo
from tests import factories
from tests.review.domain.test_catalogue_versions import next_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return factories.user(Role.OFFICE)


def test_the_home_and_the_page_say_what_changed_for_the_unit(client, office):
    filing = factories.filing(FilingState.FILED)
    other = factories.filing(FilingState.FILED)
    draft = next_version(
        office,
        change={"MZ-01": {"level": "major"}},
        remove=["MZ-03"],
        add=[("MZ-04", "power", ["1401"]), ("MZ-05", "power", ["1402"])],
    )
    client.force_login(factories.writer_of(filing))
    home = client.get(reverse("home"))
    assert [todo.catalogue_id for todo in home.context["todos"]] == [draft.pk]
    assert home.context["todos"][0].summary == {"added": 2, "removed": 1, "raised": 1}
    assert reverse("catalogue_change", args=[draft.pk]) in home.content.decode()
    page = client.get(reverse("catalogue_change", args=[draft.pk]))
    change = page.context["change"]
    assert [item.code for item in change.added] == ["MZ-04"]
    assert [item.code for item in change.raised] == ["MZ-01"]
    assert [item.code for item in change.removed] == ["MZ-03"]
    assert [risk.enterprise_id for risk in change.risks] == [filing.enterprise_id]
    assert [row.pk for row in page.context["reports"]] == [filing.pk]
    assert other.enterprise.name not in page.content.decode()
    client.post(reverse("catalogue_change", args=[draft.pk]))
    assert client.get(reverse("home")).context["todos"] == []
    assert set(CatalogueTodo.objects.filter(done_at=None).values_list("enterprise", flat=True)) == {other.enterprise_id}


def test_another_units_change_is_not_there(client, office):
    factories.filing(FilingState.FILED)
    draft = next_version(office, remove=["MZ-01"])
    client.force_login(factories.user(of=factories.enterprise(category_code="1501")))
    assert client.get(reverse("catalogue_change", args=[draft.pk])).status_code == 404
    assert client.post(reverse("catalogue_change", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_queries(client, office, django_assert_num_queries, many):
    filing = factories.filing(FilingState.FILED)
    for _ in range(many - 1):
        factories.filing(FilingState.FILED, of=filing.enterprise, campaign=factories.campaign())
    draft = next_version(office, change={"MZ-01": {"level": "major"}}, add=[("MZ-04", "power", ["1401"])])
    client.force_login(factories.writer_of(filing))
    with django_assert_num_queries(17):
        client.get(reverse("catalogue_change", args=[draft.pk]))
