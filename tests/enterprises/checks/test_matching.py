"""Two lists laid side by side: what pairs, what is proposed, what differs."""

from enterprises.checks.matching import Entry, differing_fields, match_lists

HUAQIAO, YUSHAN, YANGSHE = 320583104, 320583100, 320582100


def entry(row=0, **values):
    counts = values.pop("counts", True)
    return Entry(row, values, counts=counts)


def names(entries):
    return [one.values["name"] for one in entries]


def test_codes_pair_whatever_the_names_are():
    a, b = entry(name="甲院", code="C1"), entry(2, name="完全另名", code="C1")
    found = match_lists([a], [b])
    assert found.pairs == [(a, b)]
    assert (found.only_a, found.only_b) == ([], [])


def test_without_a_code_name_and_town_pair_then_name_and_address():
    a = [
        entry(name="昆山（花桥）颐养院", town=HUAQIAO, code="C1"),
        entry(name="光明敬老院", address="江苏省昆山市光明路1号"),
    ]
    b = [
        entry(2, name="昆山(花桥) 颐养院", town=HUAQIAO),
        entry(3, name="光明敬老院", address="光明路１号", town=YUSHAN),
    ]
    found = match_lists(a, b)
    assert [(one.values["name"], other.row) for one, other in found.pairs] == [
        ("昆山（花桥）颐养院", 2),
        ("光明敬老院", 3),
    ]


def test_a_name_that_stands_twice_pairs_nothing_but_is_proposed():
    a = [entry(name="光明敬老院", town=HUAQIAO, code="C1"), entry(name="光明敬老院", town=HUAQIAO, code="C2")]
    b = entry(2, name="光明敬老院", town=HUAQIAO)
    found = match_lists(a, [b])
    assert found.pairs == []
    assert found.near == {b: a[0]}


def test_a_code_that_stands_twice_counts_once_and_is_told():
    first, second = entry(2, name="甲", code="C1"), entry(3, name="乙", code="C1")
    found = match_lists([], [first, second])
    assert found.only_b == [first]
    assert found.doubles == [("b", second)]


def test_units_that_do_not_count_pair_and_are_missed_by_nobody():
    left = entry(name="旧院", code="C1", counts=False)
    other = entry(name="外类院", code="C2", counts=False)
    b = entry(2, name="旧院", code="C1")
    found = match_lists([left, other], [b])
    assert found.pairs == [(left, b)]
    assert found.only_a == []


def test_the_likest_of_one_county_is_proposed_and_only_once():
    a = [
        entry(name="昆山市花桥镇光明颐养院", town=HUAQIAO),
        entry(name="昆山市花桥镇光明颐养中心", town=HUAQIAO),
        entry(name="花桥光明颐养院", town=YANGSHE),
    ]
    b = [entry(2, name="昆山花桥镇光明颐养院", town=YUSHAN), entry(3, name="昆山花桥镇光明颐养", town=HUAQIAO)]
    found = match_lists(a, b)
    assert {one.row: other.values["name"] for one, other in found.near.items()} == {
        2: "昆山市花桥镇光明颐养院",
        3: "昆山市花桥镇光明颐养中心",
    }


def test_at_one_address_less_likeness_is_enough():
    a = entry(name="昆山福寿养老服务有限公司", address="光明路1号")
    near, far = entry(2, name="福寿养老院", address="光明路１号"), entry(3, name="福寿康复医院", address="另一路5号")
    assert match_lists([a], [near]).near == {near: a}
    assert match_lists([a], [far]).near == {}


def test_names_with_nothing_in_common_are_not_proposed():
    assert match_lists([entry(name="光明敬老院")], [entry(2, name="机电五金厂")]).near == {}


def test_fields_differ_by_what_they_mean_and_an_empty_cell_says_nothing():
    a = {"name": "昆山（花桥）院", "address": "江苏省昆山市光明路1号", "town": HUAQIAO, "scale": "above"}
    b = {"name": "昆山(花桥)院", "address": "光明路１号", "town": YUSHAN, "scale": ""}
    assert differing_fields(a, b, ["name", "address", "town", "scale"]) == ["town"]
    assert differing_fields(a, b | {"name": "另名院", "address": "别路2号"}, ["name", "address"]) == ["name", "address"]
    assert differing_fields(a, b, ["name"]) == []
