"""Numbers for Prometheus. Several API processes add theirs up in one folder (`PROMETHEUS_MULTIPROC_DIR`)."""

import os
from inspect import getdoc

from dishka import FromDishka
from litestar import Response, get
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from pixie.application.kernel.gauges import Gauge, ReadGauges
from pixie.entrypoints.http.kernel.openapi import answer

METRICS = """# HELP pixie_jobs Jobs that are not over.
# TYPE pixie_jobs gauge
pixie_jobs{queue="compute",status="pending"} 3.0
"""
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


class RequestMetrics:
    """What this process counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "pixie_http_request_duration_seconds",
            "Time from the first byte in to the last byte out.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter(
            "pixie_http_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        self._seconds.labels(method, route).observe(seconds)
        self._requests.labels(method, route, str(status)).inc()


class _Now(Collector):
    def __init__(self, gauges: list[Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> list[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for gauge in self._gauges:
            family = families.setdefault(
                gauge.name, GaugeMetricFamily(gauge.name, gauge.help, labels=list(gauge.labels))
            )
            family.add_metric(list(gauge.labels.values()), gauge.value)
        return list(families.values())


@get(
    "/metrics",
    operation_id="metrics",
    summary="Metrics for Prometheus",
    description=getdoc(ReadGauges),
    tags=["Operations"],
    media_type="text/plain",
    responses={200: answer(METRICS, "All gauges and counters.", media_type="text/plain")},
)
async def metrics(read_gauges: FromDishka[ReadGauges], counted: FromDishka[RequestMetrics]) -> Response[bytes]:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client left it without types
    else:
        registry = counted.registry
    now = CollectorRegistry()
    now.register(_Now(await read_gauges()))
    body = generate_latest(registry) + generate_latest(now)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})
