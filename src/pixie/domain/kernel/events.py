"""What happened, told to whoever subscribed."""

from typing import ClassVar, Protocol


class Event(Protocol):
    """A frozen dataclass in the past tense, made of plain values (ids, text, numbers, times).

    Subscribers know an event by its topic, `<module>.<past tense>`, and its payload alone; they never import its class.
    """

    topic: ClassVar[str]
