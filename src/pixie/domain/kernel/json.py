"""JSON as a type: for model parameters and metadata, whose shape somebody else defines."""

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]
