"""The short test of a session, taken by a person of a unit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from review.domain.training.paper import Paper, paper_for
from review.domain.training.testing import answer_test
from review.interfaces.review_form import new_key
from review.models import TrainingSession
from review.queries.training import tests_for_user
from review.rules import may_take_test, opens_enterprise_pages
from review.views.training import crumbs_of, session_or_404
from riskreport.ground.access import Refused, access
from riskreport.ground.domain.request_keys import KeyReused
from riskreport.ground.request import whole_number


@access(opens_enterprise_pages)
@require_http_methods(["GET", "HEAD", "POST"])
def training_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the questions and, on POST, judge the answers; a refusal keeps what was chosen."""
    session = session_or_404(request, pk)
    answer = may_take_test(request.user, session)
    if not answer.allowed:
        status = 409 if request.method == "POST" else 200
        return _page(request, session, None, {}, problem=str(answer.reason), status=status)
    paper = paper_for(request.user, session)
    if request.method != "POST":
        return _page(request, session, paper, {})
    given = {number: whole_number(request.POST.get(f"q{number}", "")) for number in range(len(paper.questions))}
    chosen = {number: place for number, place in given.items() if place is not None}
    try:
        test = answer_test(
            session_id=pk,
            user=request.user,
            answers=[chosen.get(number) for number in range(len(paper.questions))],
            paper=request.POST.get("paper", ""),
            key=request.POST.get("key", ""),
        )
    except (Refused, KeyReused) as refused:
        return _page(request, session, paper, chosen, problem=str(refused), status=409)
    said = {"right": test.right, "asked": test.asked}
    if test.passed:
        messages.success(request, _("Passed: %(right)s of %(asked)s answers are right.") % said)
    else:
        messages.warning(request, _("Not passed yet: %(right)s of %(asked)s answers are right. Try again.") % said)
    return redirect("training", pk)


def _page(
    request: HttpRequest,
    session: TrainingSession,
    paper: Paper | None,
    chosen: dict[int, int],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    questions = [
        {
            "number": number,
            "text": one.text,
            "options": [(place, text, chosen.get(number) == place) for place, text in enumerate(one.options)],
        }
        for number, one in enumerate(paper.questions if paper else ())
    ]
    context = {
        "session": session,
        "paper": paper,
        "questions": questions,
        "problem": problem,
        "test": tests_for_user(request.user).filter(session=session, user=request.user).first(),
        "key": new_key(),
        "crumbs": crumbs_of(session, _("Short test")),
    }
    return render(request, "review/training/test.html", context, status=status)
