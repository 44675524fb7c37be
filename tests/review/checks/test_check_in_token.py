"""The word behind the trainer's QR code: for one session, for a quarter of an hour, signed."""

import datetime as dt

import pytest

from review.checks.check_in_token import MINUTES, BadToken, LateToken, make_token, read_token

NOW = dt.datetime(2021, 9, 30, 9, tzinfo=dt.UTC)


def test_it_names_its_session_until_its_time_is_over():
    token = make_token(17, NOW)
    assert read_token(token, NOW + dt.timedelta(minutes=MINUTES)) == 17
    with pytest.raises(LateToken):
        read_token(token, NOW + dt.timedelta(minutes=MINUTES, seconds=1))


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.replace("17.", "18.", 1),
        lambda token: token.replace(".16", ".17", 1),
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "x",
        lambda token: "",
        lambda token: "17.9999999999",
    ],
)
def test_a_changed_word_is_refused(change):
    with pytest.raises(BadToken):
        read_token(change(make_token(17, NOW)), NOW)


def test_it_stands_in_an_address_as_it_is():
    from urllib.parse import quote

    token = make_token(17, NOW)
    assert quote(token) == token
