"""`pixie models show`: what a model takes, does and costs."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import rich_click as click

from pixie.entrypoints.cli.client.answers import Model, Pricing
from pixie.entrypoints.cli.client.troubles import BadOrder
from pixie.entrypoints.cli.connection import Where, visiting, where_options
from pixie.entrypoints.cli.kernel import guarded, print_facts, print_json, print_table
from pixie.entrypoints.cli.suggestions import suggest_models


@click.command()
@click.argument("name", shell_complete=suggest_models)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts: the JSON Schema of the parameters too.")
@where_options
def show(name: str, *, as_json: bool, where: Where) -> None:
    """What a model takes, does and costs. It needs no key."""
    with guarded():
        model = asyncio.run(_found(where, name))
        if as_json:
            print_json(model)
            return
        print_facts(
            model.name,
            {
                "what it is": model.title,
                "kind of job": model.model_type,
                "what it does": model.description,
                "price": price(model.pricing),
                "available": "yes" if model.available else f"no: {model.unavailable_reason}",
                "for example": json.dumps(model.example, ensure_ascii=False),
            },
        )
        print_table("Parameters", ("name", "takes", "what it means"), list(parameters(model)), empty="it takes none")


async def _found(where: Where, name: str) -> Model:
    async with visiting(where) as client:
        models = await client.models()
    for model in models:
        if model.name == name:
            return model
    raise BadOrder(f"There is no model {name!r}.", advice=f"There are: {', '.join(sorted(m.name for m in models))}.")


def price(pricing: Pricing) -> str:
    """In words: `2 credits, and 1 for each megapixel`."""
    parts = {
        "": pricing.base,
        " for each picture": pricing.per_image,
        " for each megapixel": pricing.per_megapixel,
        " for each second": pricing.per_second,
    }
    told = [f"{amount}{what}" for what, amount in parts.items() if amount]
    return f"{' and '.join(told)}, in credits" if told else "nothing"


def parameters(model: Model) -> Iterator[tuple[str, str, str]]:
    """A row for each parameter; for a list of alternatives, one for each of them."""
    for name, schema in _properties(model.parameters):
        yield name, _takes(schema), str(schema.get("description", ""))
        items = schema.get("items")
        for choice in items.get("oneOf", []) if isinstance(items, dict) else []:
            inner = [(key, value) for key, value in _properties(choice) if "const" not in value]
            takes = ", ".join(f"{key}: {_takes(value)}" for key, value in inner)
            yield f"  {choice.get('title', '')}", takes, str(choice.get("description", ""))


def _properties(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = schema.get("properties", {})
    return [(name, value) for name, value in found.items() if isinstance(value, dict)]


def _takes(schema: dict[str, Any]) -> str:
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_takes(one) for one in schema["anyOf"])
    low, high = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    bounds = "" if low is None and high is None else f" {'' if low is None else low}…{'' if high is None else high}"
    return f"{schema.get('type', 'anything')}{bounds}"
