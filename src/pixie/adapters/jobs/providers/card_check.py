"""Whether a provider's cards keep what the rest of Pixie relies on; asked at start."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

import msgspec
from jsonschema import Draft202012Validator, SchemaError, ValidationError

from pixie.application.jobs.ports import Provider
from pixie.domain.jobs.errors import InvalidParameters, ProviderMisconfigured
from pixie.domain.jobs.fit import check_fit
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import ModelCard

_LONGEST_NAME: Final = 100


def check_cards(provider: Provider) -> None:
    """Raises `ProviderMisconfigured` with all that is wrong."""
    cards = provider.cards()
    found = [f"{card.name}: {fault}" for card in cards for fault in _faults(card, provider.name)]
    found += [f"{name}: there are {count} cards of this name" for name, count in _twice(cards)]
    if not cards:
        found.append("it has no model cards")
    if found:
        raise ProviderMisconfigured(provider.name, "; ".join(found))


def _twice(cards: Sequence[ModelCard]) -> Iterator[tuple[str, int]]:
    for name, count in Counter(card.name for card in cards).items():
        if count > 1:
            yield name, count


def _faults(card: ModelCard, provider: str) -> Iterator[str]:
    if card.provider != provider:
        yield f"its provider is {card.provider!r}, not {provider!r}"
    if not card.name.startswith(f"{provider}/") or len(card.name) > _LONGEST_NAME:
        yield f"its name must begin with {provider + '/'!r} and have at most {_LONGEST_NAME} letters"
    if not (card.title and card.description):
        yield "it needs a title and a description"
    if card.max_images < 1 or card.deadline_seconds < 1 or card.max_input_megapixels <= 0:
        yield "its limits must be above zero"
    outputs = (card.max_side, card.max_output_megapixels, card.max_aspect_ratio)
    if any(limit is not None and limit <= 0 for limit in outputs):
        yield "its limits of what is made must be above zero, or None"
    if card.needs_prompt > card.takes_prompt or card.needs_image > card.takes_image:
        yield "it needs what it does not take"
    yield from _schema_faults(card)
    yield from _example_faults(card)


def _example_faults(card: ModelCard) -> Iterator[str]:
    """The API's description shows the example as a request that works."""
    picture = {"image_file_id": str(UUID(int=0))} if card.needs_image else {}
    try:
        check_fit(card, card.model_type, msgspec.convert({**card.example, **picture}, JobInput))
    except (msgspec.ValidationError, InvalidParameters) as error:
        yield f"its example does not fit the card: {error}"


def _schema_faults(card: ModelCard) -> Iterator[str]:
    try:
        Draft202012Validator.check_schema(card.parameters)
        if card.parameters.get("type") != "object":
            yield "the schema of its parameters must be of type object"
        Draft202012Validator(card.parameters).validate(card.example.get("parameters", {}))
    except SchemaError as error:
        yield f"the schema of its parameters is wrong: {error.message}"
    except ValidationError as error:
        yield f"its example does not fit its own schema: {error.message}"
