import asyncio
from collections.abc import Sequence

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixie.adapters.kernel.broker import WAKE
from pixie.application.kernel.dispatch import Hint, MessageSender
from pixie.application.kernel.errors import QueueUnavailable

MARK = "pixie:messages"


class DramatiqSender(MessageSender):
    """Puts hints into Dramatiq's queues.

    A mark in Redis holds the server's run id: where it is missing or another, messages may have gone with the old
    server.
    """

    def __init__(self, broker: RedisBroker, redis: "Redis") -> None:
        self._broker = broker
        self._redis = redis

    async def send(self, hints: Sequence[Hint]) -> None:
        try:
            await asyncio.to_thread(self._send, hints)
            await self._redis.publish(WAKE, "")
        except (RedisError, OSError, dramatiq.errors.BrokerError) as error:
            raise QueueUnavailable from error

    async def lost_messages(self) -> bool:
        try:
            server: dict[str, str] = await self._redis.info("server")
            mark = await self._redis.set(MARK, server["run_id"], get=True)
        except (RedisError, OSError) as error:
            raise QueueUnavailable from error
        return mark != server["run_id"].encode()

    def _send(self, hints: Sequence[Hint]) -> None:
        for hint in hints:
            actor = self._broker.get_actor(hint.actor)
            self._broker.enqueue(actor.message(hint.row_id).copy(queue_name=hint.queue))
