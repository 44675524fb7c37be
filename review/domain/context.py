"""What the checks need to know about a filing beside its content."""

from review.checks.registry import CheckContext
from review.models import Filing
from risks.queries.catalogues import ItemGroup, category_codes_of, item_groups_for


def item_groups_of(filing: Filing) -> list[ItemGroup]:
    """Return the pages of the self-check that this filing is asked: the primary category's and the further ones'."""
    codes = category_codes_of(filing.enterprise)
    return item_groups_for([filing.category_id, *codes[1:]], filing.catalogue_versions)


def check_context(
    filing: Filing, groups: list[ItemGroup] | None = None, *, stamped_wanted: bool = False
) -> CheckContext:
    """Return the context of the checks; pass ``groups`` when they are at hand."""
    pages = item_groups_of(filing) if groups is None else groups
    return CheckContext(
        items={
            page.section_key: {
                item.code: {"name": item.label, "level": item.level, "may_be_lowered": item.may_be_lowered}
                for item in page.items
            }
            for page in pages
        },
        stages=filing.campaign.stages,
        is_paper=filing.is_paper,
        stamped_wanted=stamped_wanted,
    )
