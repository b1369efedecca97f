"""What operators can count. No label holds a user's words or an id."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


class Metrics:
    """The service's counters and histograms, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter(
            "safar_messages",
            "Messages said, by kind and language.",
            ["kind", "language"],
            registry=self.registry,
        )
        self.failures = Counter(
            "safar_failures",
            "Turns that failed: action, empty_reply, dialogue_down, dialogue_error, phrase.",
            ["cause"],
            registry=self.registry,
        )
        self.knowledge_problems = Gauge(
            "safar_knowledge_problems",
            "Errors in the knowledge files that keep an earlier state of them in use; 0 if the newest is.",
            registry=self.registry,
        )
        self._stages = Histogram(
            "safar_stage_seconds",
            "Time of a turn's stages: turn, dialogue, action, embedding, search.",
            ["stage"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def observe(self, seconds: Mapping[str, float]) -> None:
        """Notes how long each stage of a turn took."""
        for stage, value in seconds.items():
            self._stages.labels(stage).observe(value)

    def render(self) -> bytes:
        """Returns everything in the Prometheus text format."""
        return generate_latest(self.registry)
