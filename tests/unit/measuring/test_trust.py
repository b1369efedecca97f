"""What became of questions, made into shares and curves."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.measuring.pictures import draw_trust
from bot.measuring.trust import Became, Fate, curve, figures, reliability, shares_by
from bot.measuring.uncovered import read_uncovered
from bot.settings import ROOT


def fate(certainty: float, place: int, became: Became = "right", group: str = "ky", language: str = "ky") -> Fate:
    right, possible = place == 1, became != "refused"
    return Fate(group, language, place, certainty, right=right, possible=possible, became=became)


COVERED = [
    fate(0.95, 1),
    fate(0.92, 1, group="ky-plain"),
    fate(0.9, 2, "wrong", "uz-Latn", "uz-Latn"),
    fate(0.3, 1, "offered"),
    fate(0.0, 0, "refused"),
]


def test_shares_of_each_group() -> None:
    shares = shares_by(COVERED, lambda one: one.language)
    assert shares["ky"].questions == 4
    assert (shares["ky"].first, shares["ky"].right, shares["ky"].offered, shares["ky"].refused) == (
        0.75,
        0.5,
        0.25,
        0.25,
    )
    assert shares["uz-Latn"].wrong == 1.0


def test_the_curve_gives_up_coverage_for_fewer_errors() -> None:
    points = {point["certain"]: point for point in curve(COVERED)}
    assert points[0.0] == {"certain": 0.0, "shown": 0.8, "wrong": 0.2}
    assert points[0.95] == {"certain": 0.95, "shown": 0.2, "wrong": 0.0}


def test_reliability_compares_certainty_with_what_was_right() -> None:
    low, high = reliability(COVERED)
    assert low == {"certainty": 0.3, "right": 1.0, "questions": 1}
    assert high["questions"] == 3
    assert high["right"] == pytest.approx(2 / 3)


def test_other_spellings_count_apart_from_the_curve() -> None:
    found = figures(COVERED, [fate(0.8, 0, "wrong", "detail")])
    assert set(found["held_out"]) == {"ky", "ky-plain", "uz-Latn"}
    assert found["curve"][0]["shown"] == 0.75  # of four in the usual spelling
    assert found["uncovered"]["detail"]["wrong"] == 1.0


def test_the_picture_is_drawn(tmp_path: Path) -> None:
    draw_trust(tmp_path / "new" / "trust.png", reliability(COVERED), curve(COVERED), 0.6)
    assert (tmp_path / "new" / "trust.png").read_bytes().startswith(b"\x89PNG")


def test_the_set_without_answers_holds_every_kind_in_every_language() -> None:
    questions = read_uncovered(ROOT / "benchmarks" / "uncovered_questions.yml")
    reported = [one for one in questions if one.split == "report"]
    assert len(reported) >= 300
    kinds = {(one.kind, one.language) for one in reported}
    assert len(kinds) == 3 * 7
    assert len({one.text for one in questions}) == len(questions)


@pytest.mark.parametrize("content", ["", "- kind: detail\n", "- kind: strange\n  split: report\n  en: a\n", "{"])
def test_a_wrong_set_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "questions.yml"
    path.write_text(content)
    with pytest.raises(SetupError, match=r"questions\.yml"):
        read_uncovered(path)
