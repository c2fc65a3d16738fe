"""Who hears of what: every subscription of every module."""

from collections.abc import Sequence

from pixie.entrypoints.actors import files, jobs, notifications
from pixie.entrypoints.actors.binding import ActorSpec, Subscription

SUBSCRIPTIONS: Sequence[Subscription] = (
    *files.SUBSCRIPTIONS,
    *jobs.SUBSCRIPTIONS,
    *notifications.SUBSCRIPTIONS,
)
ACTORS: Sequence[ActorSpec] = (jobs.RUN, *(subscription.spec for subscription in SUBSCRIPTIONS))
