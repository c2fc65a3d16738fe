from functools import lru_cache

import msgspec
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from pixie.application.jobs.ports import ParameterCheck
from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.model_card import ModelCard
from pixie.domain.kernel.json import JsonObject

MOST_TOLD = 20
LONGEST_MESSAGE = 300


class JsonSchemaParameterCheck(ParameterCheck):
    def check(self, card: ModelCard, parameters: JsonObject) -> None:
        found = list(_validator(msgspec.json.encode(card.parameters)).iter_errors(parameters))
        if found:
            raise InvalidParameters([_told(error) for error in found[:MOST_TOLD]])


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(msgspec.json.decode(schema))


def _told(error: ValidationError) -> tuple[str, str]:
    """Where, as a JSON Pointer into the request, and what. Of alternatives the one that was nearly met is told."""
    nearest = (best_match(error.context) if error.context else None) or error
    path = "".join(f"/{part}" for part in nearest.absolute_path)
    return f"/parameters{path}", nearest.message[:LONGEST_MESSAGE]
