"""JSON whose shape somebody else defines: model parameters, metadata, payloads.

It stops being a type that a program could look into: whoever reads it converts it first, or checks it with a schema. A
recursive alias would say more, but what resolves annotations at run time cannot follow it out of this module.
"""

from typing import Any

JsonValue = Any
JsonObject = dict[str, JsonValue]
