"""What jobs need from outside themselves."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import ClassVar, Protocol

from pixie.domain.jobs.generation import Done, GenerationRequest, Pending, Ticket
from pixie.domain.jobs.model_card import ModelCard

ReportProgress = Callable[[int], Awaitable[None]]
"""Tell the job's owner how far it is, in percent; cheap to call often."""


class Resubmission(StrEnum):
    """What may be done when a process died inside `submit`, so that nobody knows whether the provider has the request."""

    HARMLESS = "harmless"
    BY_KEY = "by_key"
    NEVER = "never"


class Provider(Protocol):
    """An AI provider. It maps and translates; it does not retry, price, store, or log prompts.

    Every verb may raise `ProviderRefused` (this request will never work), `ProviderThrottled` (later), `ProviderDown`
    (maybe later) and `ProviderMisconfigured` (an operator must act), and nothing else. Cancelling the task that awaits
    `submit` stops the work within a second.
    """

    name: ClassVar[str]
    resubmission: ClassVar[Resubmission]

    @abstractmethod
    def cards(self) -> Sequence[ModelCard]:
        """The models this provider offers. Their names begin with `<provider>/`."""

    @abstractmethod
    async def submit(self, request: GenerationRequest, report: ReportProgress) -> Ticket | Done:
        """Start the request; with the same idempotency key the same request, where the provider knows keys."""

    @abstractmethod
    async def poll(self, ticket: Ticket, request: GenerationRequest) -> Pending | Done:
        """Look at a request once. Harmless to repeat."""

    @abstractmethod
    async def cancel(self, ticket: Ticket) -> None:
        """Ask the provider to stop. A request that is over already is no error."""
