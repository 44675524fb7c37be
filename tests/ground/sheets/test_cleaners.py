"""From the text of a cell to the stored value."""

import pytest

from riskreport.ground.sheets.cleaners import Wrong, counted_from_1904, date


@pytest.mark.parametrize(
    "text",
    ["2021-10-01", "2021/10/1", "2021.10.1", "2021年10月1日", "20211001", "2021-10-01 00:00", "44470", "44470.0"],
)
def test_a_day_is_read_however_it_is_written(text):
    assert date(text) == "2021-10-01"


@pytest.mark.parametrize(("text", "said"), [("18263", "1949-12-31"), ("73051", "2100-01-01"), ("12345", "1933-10-18")])
def test_a_number_that_would_be_no_believable_day_says_which_day_it_would_be(text, said):
    with pytest.raises(Wrong, match=said):
        date(text)


@pytest.mark.parametrize("text", ["2021", "202110", "4447", "444700", "44470.5", "-44470", "2021-02-30", "十月一日"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Wrong):
        date(text)


def test_the_bounds_themselves_are_days():
    assert (date("18264"), date("73050")) == ("1950-01-01", "2099-12-31")


def test_days_counted_from_1904_are_four_years_later_and_written_ones_stay():
    clean = counted_from_1904(date)
    assert (clean("43008"), clean("2021-10-01")) == ("2021-10-01", "2021-10-01")
    with pytest.raises(Wrong):
        clean("72000")
