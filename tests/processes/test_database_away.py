"""A web server whose database is away says so on a page, and shows no trace."""

import urllib.error
import urllib.request

import pytest

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
NO_DATABASE = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nowhere"}


def test_every_page_says_that_the_database_is_away(web, start_process):
    start_process("manage.py", "collectstatic", "--noinput", "-v", "0").wait(60)
    person = {"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz012345"}  # pragma: allowlist secret
    request = urllib.request.Request(web(**NO_DATABASE) + "/filings/", headers=person)
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(request, timeout=20)
    page = answer.value.read().decode()
    assert answer.value.code == 503
    assert answer.value.headers["Retry-After"] == "30"
    assert "数据库" in page
    for trace in ("Traceback", "psycopg2", "127.0.0.1:1", "nobody"):
        assert trace not in page
