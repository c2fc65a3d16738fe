"""The page at `/`: what this is, whether it works, and where to go."""

import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from pixie.application.jobs.model_views import ModelView, PricingView
from pixie.application.kernel.health import HealthView
from pixie.domain.jobs.model_card import JobType
from pixie.domain.kernel.locale import Locale
from pixie.entrypoints.web.page import Frame, Page, fill, link, page
from pixie.entrypoints.web.texts import TEXTS, counted, number

MOST_MODELS: Final = 12
"""More of them would make the page long, and heavy."""
PLACES: Final = (
    ("reference", "place_docs", "/docs"),
    ("errors", "place_errors", "/docs/errors"),
    ("openapi", "place_openapi", "/openapi.json"),
    ("catalogue", "place_catalogue", "/api/ai/models"),
    ("health", "place_health", "/health/ready"),
)
STATES: Final = ("ok", "degraded", "down", "away")


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What the page tells. `address` is where its reader finds this system; `models` is None if they can't be read."""

    locale: Locale
    address: str
    health: HealthView
    models: Sequence[ModelView] | None

    def page(self) -> Page:
        texts, other = TEXTS[self.locale], _other(self.locale)
        links = (
            link("/docs", texts["reference"]),
            link("/docs/errors", texts["errors"]),
            link(f"/?lang={other}", texts["other"], lang=other),
        )
        frame = Frame(name="index", title=texts["title"], locale=self.locale, links="\n".join(links), script="index.js")
        values = {key: escape(text) for key, text in texts.items()}
        values |= self._state() | self._models() | {"step_rows": self._steps(), "place_rows": self._places()}
        return page(frame, fill("index.html", {**values, "steps_after": texts["steps_after"]}))

    def _state(self) -> dict[str, str]:
        texts = TEXTS[self.locale]
        words = " ".join(f'data-{state}="{escape(texts[f"state_{state}"])}"' for state in STATES)
        rows = "\n".join(
            f'<li data-name="{escape(part.name)}" data-ok="{str(part.ok).lower()}" data-fine="{escape(texts["fine"])}" '
            f'data-away="{escape(texts["away"])}"><i></i><b lang="en">{escape(part.name)}</b> '
            f"<span>{escape(texts['fine' if part.ok else 'away'])}</span></li>"
            for part in self.health.dependencies
        )
        now = self.health.status
        return {"state": now, "state_word": escape(texts[f"state_{now}"]), "state_words": words, "part_rows": rows}

    def _models(self) -> dict[str, str]:
        texts = TEXTS[self.locale]
        if not self.models:
            empty = texts["models_away" if self.models is None else "models_none"]
            return {"model_rows": f'<li class="off"><p>{escape(empty)}</p></li>', "models_more": ""}
        shown = sorted(self.models, key=lambda model: not model.available)[:MOST_MODELS]
        every = texts["models_more"].format(count=number(len(self.models), self.locale))
        return {
            "model_rows": "\n".join(_model(model, self.locale) for model in shown),
            "models_more": f"<p>{link('/api/ai/models', every)}</p>",
        }

    def _steps(self) -> str:
        texts = TEXTS[self.locale]
        return "\n".join(
            f"<li><h3>{escape(texts[title])}</h3><pre><code>{escape(command, quote=False)}</code></pre></li>"
            for title, command in first_steps(self.address, self.models or ())
        )

    def _places(self) -> str:
        texts = TEXTS[self.locale]
        return "\n".join(
            f"<li><h3>{link(path, texts[title])}</h3><p>{escape(texts[about])}</p></li>"
            for title, about, path in PLACES
        )


def first_steps(address: str, models: Iterable[ModelView]) -> list[tuple[str, str]]:
    """What to type, each with the name of its title: from nothing to a picture, if a model that makes one is there."""
    steps = [("step_names", _NAMES.replace("ADDRESS", shlex.quote(f"{address}/api"))), ("step_account", _ACCOUNT)]
    painters = [model for model in models if model.available and model.model_type is JobType.IMAGE_GENERATION]
    if painters:
        cheapest = min(painters, key=lambda model: (model.provider != "local", model.credits_per_use))
        body = json.dumps({"model": cheapest.name, **cheapest.example}, ensure_ascii=False)
        steps += [("step_job", _JOB.replace("BODY", shlex.quote(body))), ("step_watch", _WATCH), ("step_save", _SAVE)]
    return steps


_NAMES: Final = (
    'api=ADDRESS; json="Content-Type: application/json"; '
    'pick() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }'
)
_ACCOUNT: Final = (
    'me="Authorization: Bearer $(curl -sS $api/auth/register -H "$json" '
    '-d \'{"email": "ada\'$RANDOM\'@example.com", "name": "Ada", "password": "correct horse battery staple"}\' '
    '| pick "[\'access_token\']")"'
)
_JOB: Final = 'job=$(curl -sS $api/ai/image/generate -H "$me" -H "$json" -d BODY | pick "[\'id\']")'
_WATCH: Final = 'curl -sSN $api/ai/jobs/$job/events -H "$me"'
_SAVE: Final = (
    'curl -sS -o picture.png "$(curl -sS $api/ai/jobs/$job/result -H "$me" | pick "[\'outputs\'][0][\'url\']")"'
)


def _model(model: ModelView, locale: Locale) -> str:
    texts = TEXTS[locale]
    if model.available:
        cost = _cost(model.pricing, locale)
    else:
        cost = escape(texts["unavailable"]).format(reason=f"<bdi>{escape(model.unavailable_reason or '')}</bdi>")
    return (
        f'<li{"" if model.available else " class=off"}><span class="tag">{escape(texts[model.model_type])}</span>'
        f'<h3><bdi lang="en">{escape(model.title)}</bdi></h3><code>{escape(model.name)}</code>'
        f'<p lang="en" dir="ltr">{escape(model.description)}</p><p class="cost">{cost}</p></li>'
    )


def _cost(pricing: PricingView, locale: Locale) -> str:
    parts = [
        counted(key, price, locale)
        for key in ("base", "per_image", "per_megapixel", "per_second")
        if (price := getattr(pricing, key))
    ]
    return escape(" + ".join(parts) or TEXTS[locale]["free"])


def _other(locale: Locale) -> Locale:
    return Locale.ENGLISH if locale is Locale.PERSIAN else Locale.PERSIAN
