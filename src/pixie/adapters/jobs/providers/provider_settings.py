"""A provider's settings from the environment: `PIXIE_ACME_API_KEY` is the field `api_key` of provider `acme`."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from pixie.domain.jobs.errors import ProviderMisconfigured

S = TypeVar("S", bound=msgspec.Struct)


def prefix_of(provider: str) -> str:
    return "PIXIE_" + re.sub(r"[^A-Z0-9]+", "_", provider.upper()).strip("_") + "_"


def setting_names(provider: str, kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(prefix_of(provider) + field.name.upper() for field in msgspec.structs.fields(kind))


def read_settings(provider: str, kind: type[S], environ: Mapping[str, str]) -> S:
    """Texts become what the fields say. No value is repeated in an error: it may be a key."""
    prefix, known = prefix_of(provider), setting_names(provider, kind)
    unknown = sorted(name for name in environ if name.startswith(prefix) and name not in known)
    if unknown:
        raise ProviderMisconfigured(provider, f"it has no setting {unknown[0]}; it has: {', '.join(known) or 'none'}")
    given = {name.removeprefix(prefix).lower(): environ[name] for name in known if name in environ}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        fields = re.sub(r"`\$?\.?(\w+)`", lambda match: f"{prefix}{match[1].upper()}", str(error))
        raise ProviderMisconfigured(provider, fields) from None
