"""The questions that a person is asked in the short test of a session."""

from dataclasses import dataclass

from enterprises.models import Enterprise, User
from review.checks.training_questions import Item, Question, make_questions
from review.models import TrainingSession
from riskreport.ground.domain.request_keys import digest_of
from risks.enums import Level
from risks.queries.catalogues import category_codes_of, item_groups_for


@dataclass(frozen=True)
class Paper:
    """The questions for a person, the catalogue versions they were made from, and a digest that names them."""

    questions: tuple[Question, ...]
    catalogues: dict[str, int]
    digest: str


def paper_for(user: User, session: TrainingSession) -> Paper:
    """Return the questions that a person of a unit is asked: of the session's categories that are the unit's own.

    They are made from the catalogues in force, the same for a person and session as long as those stand.
    """
    own = category_codes_of(Enterprise.objects.get(pk=user.enterprise_id))
    meant = set(session.categories.values_list("code", flat=True))
    codes = [code for code in own if not meant or code in meant]
    groups = item_groups_for(codes or own)
    items = [
        Item(
            name=row.label,
            level=str(Level(row.level).label),
            look_for=tuple(row.look_for),
            measures=tuple(text for texts in row.measures.values() for text in texts),
        )
        for group in groups
        for row in group.items
    ]
    levels = [str(level.label) for level in Level]
    questions = make_questions(items, seed=f"{session.pk} {user.pk}", count=session.questions, levels=levels)
    catalogues = {group.catalogue.key: group.catalogue.version for group in groups}
    named = [[one.text, *one.options] for one in questions]
    return Paper(tuple(questions), catalogues, digest_of(named))
