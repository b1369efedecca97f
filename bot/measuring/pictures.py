"""Pictures of measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")  # writes files and needs no screen

from matplotlib import pyplot as plt

Points = Sequence[Mapping[str, float]]


def draw_trust(path: Path, reliability: Points, curve: Points, certain: float) -> None:
    """Draws how far the certainty can be believed (left), and what would be shown from each certainty on (right).

    Args:
        path: The file to write, a PNG.
        reliability: What `bot.measuring.trust.reliability` returns.
        curve: What `bot.measuring.trust.curve` returns.
        certain: The certainty from which passages are shown.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    left.plot([0, 1], [0, 1], color="0.7", linestyle="--", label="if it could be believed entirely")
    left.plot([p["certainty"] for p in reliability], [p["right"] for p in reliability], marker="o", label="measured")
    for point in reliability:
        place = (point["certainty"], point["right"])
        left.annotate(f"{point['questions']:.0f}", place, textcoords="offset points", xytext=(6, -10), fontsize=8)
    left.axvline(certain, color="0.4", linestyle=":", label="shown from here on, offered before")
    left.set(xlabel="certainty", ylabel="share in which the best passage answers", xlim=(0, 1), ylim=(0, 1))
    left.set_title("Reliability (numbers: questions)")
    left.legend(loc="upper left", fontsize=8)
    right.plot([p["shown"] for p in curve], [p["wrong"] for p in curve], marker=".")
    for point in {point["shown"]: point for point in curve[::2]}.values():  # one label where points coincide
        place = (point["shown"], point["wrong"])
        right.annotate(f"{point['certain']:.1f}", place, textcoords="offset points", xytext=(-18, 4), fontsize=8)
    right.set(xlabel="share of questions with an answer that are shown one", ylabel="share that are shown a wrong one")
    right.set_title("Coverage and error (numbers: least certainty)")
    right.set_ylim(bottom=0)
    right.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)
