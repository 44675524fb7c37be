"""Print the sign-ins of the demo city."""

import json
import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from review.domain.demo.people import demo_accounts

COLUMNS = {
    "account": "账号 Account",
    "password": "密码 Password",  # a heading  # nosec B105  # pragma: allowlist secret
    "role": "角色 Role",
    "whose": "单位 Whose",
    "note": "说明",
}


class Command(BaseCommand):
    help = "Print role, account, password and owner of each demo sign-in; --json for programs."

    def add_arguments(self, parser: CommandParser) -> None:
        """JSON instead of a table."""
        parser.add_argument("--json", action="store_true", help="a list with role, account, password, whose, note")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside the demo, or print what there is."""
        if not settings.DEMO:
            raise CommandError("Demo sign-ins exist only in the demo. Set DEMO=1 if this is one.")
        with override("zh-hans"):
            rows = demo_accounts()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        if not rows:
            self.stdout.write("There is no demo city here. Load it: python manage.py load_city --size pilot")
            return
        widths = {key: max(_width(head), *(_width(row[key]) for row in rows)) for key, head in COLUMNS.items()}
        for row in [COLUMNS, *rows]:
            line = "  ".join(row[key] + " " * (widths[key] - _width(row[key])) for key in COLUMNS)
            self.stdout.write(f"  {line.rstrip()}")


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)
