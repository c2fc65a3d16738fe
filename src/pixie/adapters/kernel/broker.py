"""Dramatiq's broker on Redis, as a carrier of hints.

Dramatiq looks for messages again and again; often enough to be quick, that costs a tenth of a processor while nothing
happens. Here a consumer sleeps until somebody publishes that there is something, and looks once a second in any case.
"""

import threading
from threading import Event
from typing import Any

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware

HEARTBEAT_MS = 15_000
MAINTENANCE_CHANCE = 100_000
"""In a million looks. With Dramatiq's own 1,000 a killed worker's messages came back after minutes."""
NAMESPACE = "pixie:dramatiq"
WAKE = "pixie:wake"
IDLE_SECONDS = 1.0
FULL_SECONDS = 0.02
"""The pause of a consumer whose worker has all hands full: it need only notice when one becomes free."""


class WakingBroker(RedisBroker):
    """Its consumers can be woken."""

    def __init__(self, url: str, middleware: list[Middleware]) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # Dramatiq left it without types
            url=url,
            middleware=middleware,
            maintenance_chance=MAINTENANCE_CHANCE,
            heartbeat_timeout=HEARTBEAT_MS,
            namespace=NAMESPACE,
        )
        self._bells: list[Event] = []

    @property
    def consumer_class(self) -> type[dramatiq.Consumer]:
        broker = self

        class WakingConsumer(_SleepingConsumer):  # type: ignore[misc]  # Dramatiq left it without types
            def __init__(self, *args: Any) -> None:  # noqa: ANN401 - as Dramatiq calls it
                super().__init__(*args)
                self.timeout = 1  # milliseconds: the waiting is done here
                self.bell = Event()
                broker._bells.append(self.bell)

            def __next__(self) -> dramatiq.MessageProxy | None:
                message: dramatiq.MessageProxy | None = super().__next__()
                if message is None:
                    self.bell.wait(FULL_SECONDS if self.outstanding_message_count else IDLE_SECONDS)
                    self.bell.clear()
                return message

            def close(self) -> None:
                broker._bells.remove(self.bell)
                super().close()

        return WakingConsumer

    def wake(self) -> None:
        for bell in tuple(self._bells):
            bell.set()


_SleepingConsumer: Any = RedisBroker.consumer_class.fget(None)  # type: ignore[attr-defined]  # a property of the class


class WakeListener(Middleware):
    """Hears, in a thread of its own, that there are messages."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._leaving = Event()

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del worker
        threading.Thread(target=self._listen, args=(broker,), name="wake-listener", daemon=True).start()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        del broker, worker
        self._leaving.set()

    def _listen(self, broker: WakingBroker) -> None:
        while not self._leaving.is_set():
            try:
                with redis.Redis.from_url(self._url, socket_timeout=None) as client, client.pubsub() as pubsub:
                    pubsub.subscribe(WAKE)
                    while not self._leaving.is_set():
                        if pubsub.get_message(timeout=IDLE_SECONDS) is not None:
                            broker.wake()
            except (redis.RedisError, OSError):
                self._leaving.wait(IDLE_SECONDS)


def open_broker(redis_url: str, *middleware: Middleware) -> WakingBroker:
    """A broker that only carries hints: no retries, no age limits, no results. Rows know what is still to be done."""
    return WakingBroker(redis_url, [AsyncIO(), WakeListener(redis_url), *middleware])
