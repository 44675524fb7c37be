"""Answering the short test of a session."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from enterprises.models import User
from review.checks.training_questions import is_passed, right_of
from review.domain.training.paper import paper_for
from review.domain.training.sessions import TrainingRefused, lock_session
from review.models import TrainingTest
from review.rules import may_take_test
from riskreport.ground import clock
from riskreport.ground.domain.events import record_event
from riskreport.ground.domain.request_keys import digest_of, earlier_answer, keep_answer

KEY_REUSED = _l("This form was already used for other answers. Open the test again.")


class OtherQuestions(TrainingRefused):
    """The catalogue changed since the test was opened, so that other questions are asked now."""

    def __init__(self) -> None:
        super().__init__(_("The catalogue has changed meanwhile: these are the questions by its new version."))


def answer_test(
    *, session_id: int, user: User, answers: Sequence[int | None], paper: str, key: str = ""
) -> TrainingTest:
    """Judge the answers of a person to the questions of a session's test and keep the result.

    ``paper`` names the questions that were shown. Side effects, in order, in one transaction: the session is locked; a
    known key, and a test that was passed, are answered by what stands; right, questions and completeness are checked;
    the result, a further try counted; event ``training.tested``; the answer under the key. Raises OtherQuestions,
    TrainingRefused, Refused, KeyReused.
    """
    digest = digest_of(["test", session_id, list(answers)])
    with transaction.atomic():
        session = lock_session(session_id)
        standing = TrainingTest.objects.filter(session=session, user=user).first()
        known = earlier_answer(user=user, key=key, digest=digest, refusal=str(KEY_REUSED))
        if standing is not None and (known or standing.passed):
            return standing
        may_take_test.check(user, session)
        asked = paper_for(user, session)
        if asked.digest != paper:
            raise OtherQuestions
        if len(answers) != len(asked.questions) or None in answers:
            raise TrainingRefused(_("Answer every question."))
        right = right_of(asked.questions, answers)
        reached = {
            "enterprise_id": user.enterprise_id,
            "asked": len(asked.questions),
            "right": right,
            "passed": is_passed(right, len(asked.questions), session.pass_mark),
            "tries": standing.tries + 1 if standing else 1,
            "catalogues": asked.catalogues,
            "answered_at": clock.now(),
        }
        row, _created = TrainingTest.objects.update_or_create(session=session, user=user, defaults=reached)
        data = {name: getattr(row, name) for name in ("asked", "right", "passed", "tries")}
        record_event(
            kind="training.tested", actor=user, about=session, enterprise_id=row.enterprise_id, data=data
        )  # fmt: skip
        keep_answer(user=user, key=key, digest=digest, answer={"test": row.pk})
    return row
