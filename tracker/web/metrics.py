"""Metrics for Prometheus: what these processes counted, and the state of jobs and deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from time import perf_counter
from typing import TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tracker.errors import Unavailable
from tracker.maintenance.health import HealthFigures

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds

Made = TypeVar("Made")


class Metrics:
    """What one application counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        here = self.registry
        self._requests = Counter(
            "tracker_requests", "Requests answered.", ["endpoint", "method", "status"], registry=here
        )
        self._seconds = Histogram(
            "tracker_request_seconds", "Time to the last byte of an answer.", ["endpoint"],
            buckets=_BUCKETS, registry=here,
        )  # fmt: skip
        self._kept = Counter("tracker_kept_answers", "Answers that were at hand already.", registry=here)
        self._of = lru_cache(maxsize=4096)(self._children)  # finding them by their labels costs more than counting
        self._loads = Histogram(
            "tracker_ledger_load_seconds", "Time to reload the data.", buckets=_BUCKETS, registry=here
        )

    def count_answer(self, endpoint: str, method: str, status: int, seconds: float, *, kept: bool) -> None:
        """Count an answer; `endpoint` is the name of a route, of which there are as many as the program has."""
        counter, clock = self._of(endpoint, method, status)
        counter.inc()
        clock.observe(seconds)
        if kept:
            self._kept.inc()

    def _children(self, endpoint: str, method: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(endpoint, method, str(status)), self._seconds.labels(endpoint)

    def time_loading(self, load: Callable[[], Made]) -> Callable[[], Made]:
        """The same loading of the record, its time noted."""

        def loading() -> Made:
            begun = perf_counter()
            found = load()
            self._loads.observe(perf_counter() - begun)
            return found

        return loading

    def text(self, figures: Callable[[], HealthFigures]) -> bytes:
        """Everything, as Prometheus reads it; `figures` asks the record."""
        counted = self.registry
        if values.ValueClass is not values.MutexValue:  # several processes, as the environment says
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        stood = CollectorRegistry(auto_describe=False)
        stood.register(_Standing(figures))
        return generate_latest(counted) + generate_latest(stood)


class _Standing(Collector):
    """How the record's work stands, asked anew each time."""

    def __init__(self, figures: Callable[[], HealthFigures]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        try:
            found = self._figures()
        except Unavailable:
            yield GaugeMetricFamily("tracker_record_up", "Whether the data can be read.", 0)
            return
        yield GaugeMetricFamily("tracker_record_up", "Whether the data can be read.", 1)
        yield GaugeMetricFamily("tracker_revision", "The revision of the data.", found.revision)
        yield GaugeMetricFamily("tracker_held_acts", "Acts that wait for an editor.", found.held)
        yield _labelled_gauge("tracker_deliveries", "Deliveries by where they stand.", "state", found.deliveries)
        overdue = "Seconds for which the oldest message that is due has waited."
        yield GaugeMetricFamily("tracker_oldest_due_message_seconds", overdue, found.overdue)
        yield _labelled_gauge("tracker_job_late", "Whether a job is late.", "job", found.late)
        done = _moments(found.done)
        yield _labelled_gauge("tracker_job_last_done_timestamp_seconds", "The last slot done.", "job", done)
        yield _labelled_gauge(
            "tracker_sync_ok", "Whether the last look at a file went well.", "instrument", found.synced
        )
        looked = _moments(found.looked)
        yield _labelled_gauge("tracker_sync_last_done_timestamp_seconds", "The last good look.", "instrument", looked)


def _labelled_gauge(name: str, words: str, label: str, found: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, number in sorted(found.items()):
        family.add_metric([value], number)
    return family


def _moments(found: dict[str, datetime]) -> dict[str, float]:
    return {name: moment.timestamp() for name, moment in found.items()}
