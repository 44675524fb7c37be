"""The navigation as data: what stands in it, and whose rule opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.rules import (
    is_enterprise_person,
    is_official,
    is_operator,
    is_signed_in,
    issues_accounts,
    keeps_people,
    keeps_rosters,
    keeps_taxonomy,
)
from review.rules import (
    keeps_displays,
    opens_board,
    opens_bulletins,
    opens_campaigns,
    opens_filings,
    opens_home,
    opens_letters,
    opens_paper_entry,
    opens_review,
)
from riskreport.ground.access import Rule
from risks.rules import keeps_catalogues


@dataclass(frozen=True)
class Item:
    """One entry: the rule that opens it, the name of its address, its words, its icon.

    ``args`` gives the address's arguments from the person; ``also`` names further addresses at which it is the current
    one.
    """

    rule: Rule
    url_name: str
    label: str | Promise
    icon: str
    args: Callable[[Any], tuple] = lambda user: ()
    also: frozenset[str] = frozenset()


def own_enterprise(user: Any) -> tuple:
    """The person's enterprise, as the argument of an address."""
    return (user.enterprise_id,)


FILING_PAGES = frozenset(
    {"filing", "filing_section", "filing_risk", "filing_attach", "filing_check", "filing_undertaking", "receipt"}
)
DESK_PAGES = frozenset({"review", "review_preview", "review_decide", "review_change", "review_claim_several"})
ARCHIVE_PAGES = frozenset({"archive", "archive_history", "archive_snapshot", "archive_phones"})
UNIT_PAGES = frozenset({"unit_keep", "unit_changes", "unit_merge_find", "unit_merge", "unit_add"})
DRAFT_PAGES = frozenset(
    {"catalogue_new", "draft", "draft_head", "draft_check", "draft_preview", "draft_compare", "draft_publish"}
    | {"draft_item", "draft_item_add", "catalogue_items"}
)
CAMPAIGN_PAGES = frozenset(
    {"campaign", "campaign_new", "campaign_step", "campaign_close", "campaign_reopen", "campaign_extend", "extensions"}
    | {"phase_checklist", "phase_days", "checklist_step"}
)
TRAINING_PAGES = frozenset(
    {"training", "training_new", "training_edit", "training_people", "training_units", "training_coverage"}
    | {"training_standard", "training_roll", "training_screen", "training_check_in", "training_test"}
)
MATERIAL_PAGES = frozenset({"material", "material_new"})
VISIT_PAGES = frozenset({"visit_record", "visit_withdraw"})
LETTER_PAGES = frozenset(
    {"follow_up", "follow_up_new", "follow_up_edit", "follow_up_move", "follow_up_reply", "follow_up_proposals"}
    | {"follow_up_standards", "follow_up_standard", "remind", "reminders", "reminder"}
)
BULLETIN_PAGES = frozenset({"bulletin", "bulletin_new", "bulletin_template"})
SECTOR_PAGES = frozenset({"sector_new", "sector", "category_new", "category"})
RECONCILIATION_PAGES = frozenset({"reconciliation", "reconciliation_new", "difference"})
# The words above a group, and what stands in it.
GROUPS: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        "",
        (Item(opens_home, "home", pgettext_lazy("navigation", "Home"), "home"),),
    ),
    (
        pgettext_lazy("navigation", "Reporting"),
        (
            Item(opens_review, "review_queue", _("To review"), "inbox-arrow-down", also=DESK_PAGES),
            Item(opens_filings, "filings", pgettext_lazy("navigation", "Reports"), "document-text", also=FILING_PAGES),
            Item(opens_paper_entry, "paper_entry", _("Enter a paper report"), "pencil-square"),
            Item(
                is_enterprise_person,
                "archive",
                _("Archive of our enterprise"),
                "archive-box",
                args=own_enterprise,
                also=ARCHIVE_PAGES,
            ),
            Item(opens_filings, "risks", _("Risk ledger"), "shield-exclamation", also=frozenset({"risk"})),
            Item(opens_filings, "visits", _("Visits on the spot"), "map-pin", also=VISIT_PAGES),
        ),
    ),
    (
        pgettext_lazy("navigation", "Tracking"),
        (
            Item(opens_board, "board", _("Completion board"), "chart-bar-square", also=frozenset({"burnup"})),
            Item(opens_bulletins, "bulletins", _("Bulletins"), "newspaper", also=BULLETIN_PAGES),
            Item(opens_campaigns, "campaigns", _("Reporting tasks"), "flag", also=CAMPAIGN_PAGES),
            Item(opens_letters, "follow_ups", _("Follow-up letters"), "envelope-open", also=LETTER_PAGES),
            Item(keeps_displays, "displays", _("Wall displays"), "tv"),
            Item(keeps_taxonomy, "reminder_days", _("Days of reminders"), "bell-alert"),
        ),
    ),
    (
        pgettext_lazy("navigation", "Rosters"),
        (
            Item(
                is_official,
                "enterprises",
                _("Roster of enterprises"),
                "building-office-2",
                also=ARCHIVE_PAGES | UNIT_PAGES,
            ),
            Item(keeps_rosters, "units_alike", _("Suspected duplicates"), "document-duplicate"),
            Item(keeps_rosters, "reconciliations", _("Reconciliation of lists"), "scale", also=RECONCILIATION_PAGES),
            Item(
                issues_accounts,
                "unit_accounts",
                _("Accounts of units"),
                "envelope",
                also=frozenset({"units_to_issue", "letters", "unit_account"}),
            ),
            Item(keeps_taxonomy, "sectors", _("Sectors and categories"), "squares-2x2", also=SECTOR_PAGES),
        ),
    ),
    (
        pgettext_lazy("navigation", "Catalogues"),
        (
            Item(opens_filings, "catalogues", _("Risk catalogues"), "book-open", also=frozenset({"catalogue"})),
            Item(
                opens_filings, "guides", _("Self-check guides"), "clipboard-document-check", also=frozenset({"guide"})
            ),
            Item(
                keeps_rosters, "catalogue_changes", _("Changed catalogues"), "eye", also=frozenset({"catalogue_looks"})
            ),
            Item(keeps_catalogues, "catalogues_keep", _("Catalogues I keep"), "pencil", also=DRAFT_PAGES),
            Item(
                opens_filings,
                "preparation",
                _("Plans and steps of departments"),
                "list-bullet",
                also=frozenset({"department", "department_steps"}),
            ),
        ),
    ),
    (
        pgettext_lazy("navigation", "Training"),
        (
            Item(opens_filings, "training_sessions", _("Training sessions"), "academic-cap", also=TRAINING_PAGES),
            Item(opens_filings, "materials", _("Training materials"), "folder-open", also=MATERIAL_PAGES),
        ),
    ),
    (
        pgettext_lazy("navigation", "System"),
        (
            Item(
                keeps_people,
                "people",
                _("People"),
                "users",
                also=frozenset({"person", "person_add", "person_leave", "people_stale", "departments"}),
            ),
            Item(is_operator, "background", _("Background work"), "server-stack", also=frozenset({"deliveries"})),
            Item(is_signed_in, "jobs", _("Exports and tasks"), "arrow-down-tray", also=frozenset({"job"})),
            Item(is_signed_in, "notices", _("Notices"), "bell"),
        ),
    ),
)
ITEMS = tuple(item for _heading, items in GROUPS for item in items)


def nav_for(user: Any, current: str = "") -> list[dict]:
    """Return the entries a person may open, at addresses that exist; ``current`` is the name of the page's address."""
    if not user.is_authenticated:
        return []
    shown = []
    for heading, items in GROUPS:
        for item in items:
            if item.rule(user).allowed and (url := _address(item.url_name, item.args(user))):
                here = current == item.url_name or current in item.also
                shown.append({"url": url, "label": item.label, "icon": item.icon, "group": heading, "current": here})
    return shown


@lru_cache(maxsize=4096)
def _address(name: str, args: tuple) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
