"""Django's makemessages, which also knows ``_l`` as the name of gettext_lazy."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Collect the messages; modules that translate both now and later import gettext as _ and gettext_lazy as _l."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_l"]
