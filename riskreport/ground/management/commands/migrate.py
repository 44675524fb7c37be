"""Django's ``migrate``, which says in words when a database is older than the first migrations that are kept."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

FORMER = ("ground", "0002_append_only")  # every database made before decision 38 has applied it
REFUSAL = (
    "This database was made by a version before the first release, and its tables are not carried over. "
    "Make a new, empty one: with SQLite remove riskreport.sqlite3 from DATA_DIR, with PostgreSQL create another "
    "database and name it in DATABASE_URL; then start again."
)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        """Refuse a database of before, whose history would otherwise be called inconsistent; else migrate."""
        if FORMER in MigrationRecorder(connections[options["database"]]).applied_migrations():
            raise CommandError(REFUSAL)
        return super().handle(*args, **options)
