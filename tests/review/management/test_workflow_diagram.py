"""The page of the workflow is what the table says now."""

import pytest
from django.core.management import CommandError, call_command

from review.domain.workflow import MOVES
from review.management.commands import workflow_diagram
from review.management.commands.workflow_diagram import BEGIN, END, PAGE, generated_part, page_with


def test_the_page_is_current():
    text = PAGE.read_text(encoding="utf-8")
    assert page_with(text) == text, "run manage.py workflow_diagram"
    call_command("workflow_diagram", "--check")


def test_every_move_stands_in_the_table_and_in_a_diagram():
    part = generated_part()
    for move in MOVES:
        assert f"| {move.action.value}: " in part
        if move.to_state:
            assert f"--> {move.to_state.value} : " in part
    assert part.count("stateDiagram-v2") == 2


def test_one_stage_shows_no_review():
    one, two = generated_part().split("## Two stages")
    assert "in_review" not in one
    assert "submitted --> in_review : claim" in two


def test_an_old_page_is_said_so_and_brought_up_to_date(tmp_path, monkeypatch):
    page = tmp_path / "workflow.md"
    page.write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n", encoding="utf-8")
    monkeypatch.setattr(workflow_diagram, "PAGE", page)
    with pytest.raises(CommandError, match="not current"):
        call_command("workflow_diagram", "--check")
    call_command("workflow_diagram")
    call_command("workflow_diagram", "--check")
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before\n")
    assert text.endswith("After\n")
    assert "old" not in text
