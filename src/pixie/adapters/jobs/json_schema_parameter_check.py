from functools import lru_cache

import msgspec
from jsonschema import Draft202012Validator

from pixie.adapters.jobs.schema_faults import faults_of
from pixie.application.jobs.ports import ParameterCheck
from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.model_card import ModelCard
from pixie.domain.kernel.json import JsonObject

MOST_TOLD = 20


class JsonSchemaParameterCheck(ParameterCheck):
    def check(self, card: ModelCard, parameters: JsonObject) -> None:
        errors = _validator(msgspec.json.encode(card.parameters)).iter_errors(parameters)
        faults = [fault for error in errors for fault in faults_of(error)]
        if faults:
            raise InvalidParameters([(f"/parameters{where}", what) for where, what in faults[:MOST_TOLD]])


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(msgspec.json.decode(schema))
