"""The page that shows what the demo made: one file, with everything in it."""

import base64
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Final

from PIL import Image

from pixie.adapters.kernel.pictures import has_alpha
from pixie.entrypoints.cli.demo.photo import shrunk
from pixie.entrypoints.cli.demo.show import Outcome
from pixie.entrypoints.cli.following import credit, seconds

_SHOWN: Final = 1280
"""Pixels of the longest side of a picture on the page; the files beside it are whole."""
_QUALITY: Final = 86
_EMBEDDED: Final = 16_000_000
"""Bytes up to which a video goes into the page; a longer one is played from its file."""
_DETAIL: Final = 0.42


def page(outcomes: Sequence[Outcome], photo: str | None) -> str:
    cards = [_card(outcome) for outcome in outcomes if outcome.after is not None]
    rows = [_row(outcome) for outcome in outcomes]
    return Template(_asset("page.html")).substitute(
        style=_asset("page.css"),
        script=_asset("page.js"),
        summary=_summary(outcomes, photo),
        cards="\n".join(cards),
        rows="\n".join(rows),
    )


def _asset(name: str) -> str:
    return files("pixie.entrypoints.cli.demo").joinpath(name).read_text(encoding="utf-8")


def _summary(outcomes: Sequence[Outcome], photo: str | None) -> str:
    done = [outcome.job for outcome in outcomes if outcome.job is not None and outcome.after is not None]
    subject = f"<bdi>{escape(photo)}</bdi>" if photo else "a picture that the demo painted"
    work = sum(job.processing_time_ms or 0 for job in done) / 1000
    count = "One job" if len(done) == 1 else f"{len(done)} jobs"
    spent = credit(sum(job.credits_used for job in done))
    return f"{count} of a Pixie on {subject}: {work:.1f} seconds of work, {spent}."


def _card(outcome: Outcome) -> str:
    step, job, after = outcome.step, outcome.job, outcome.after
    if job is None or after is None:
        raise ValueError("only what has a result has a card")
    facts = [f"<code>{escape(step.model)}</code>", seconds(job), credit(job.credits_used)]
    listed = "".join(f"<li>{fact}</li>" for fact in facts if fact)
    return (
        f'<article class="card" id="{escape(step.name)}">\n{_media(outcome, after)}\n<div class="words">\n'
        f"<h2>{escape(step.title)}</h2>\n<p>{escape(step.caption)}</p>\n"
        f'<ul class="facts">{listed}<li>{_link(after)}</li></ul>\n</div>\n</article>'
    )


def _media(outcome: Outcome, after: Path) -> str:
    title = escape(outcome.step.title)
    if outcome.mime_type.startswith("video/"):
        source = _data(outcome.mime_type, after.read_bytes()) if _is_short(after) else escape(after.name)
        return (
            f'<figure class="media"><video src="{source}" controls autoplay loop muted playsinline '
            f'aria-label="{title}"></video></figure>'
        )
    shown, clear = _picture(after, detail=outcome.step.detail)
    kind = " clear" if clear else ""
    if outcome.before is None:
        return f'<figure class="media{kind}"><img src="{shown}" alt="{title}"></figure>'
    was, _ = _picture(outcome.before.path, detail=outcome.step.detail)
    return (
        f'<figure class="compare{kind}" dir="ltr">'
        f'<img class="after" src="{shown}" alt="After: {title}" draggable="false">'
        f'<img class="before" src="{was}" alt="Before: {title}" draggable="false">'
        f'<input type="range" min="0" max="100" step="0.5" value="50" aria-label="{title}: share of before">'
        '<span class="handle" aria-hidden="true"></span>'
        '<span class="tag was" aria-hidden="true">Before</span><span class="tag is" aria-hidden="true">After</span>'
        "</figure>"
    )


def _picture(path: Path, *, detail: bool) -> tuple[str, bool]:
    """The picture as an address with all of it inside, and whether one can see through it."""
    with Image.open(path) as image:
        clear = has_alpha(image)
        shown = image.convert("RGBA" if clear else "RGB")
    if detail:
        across, down = round(shown.width * _DETAIL), round(shown.height * _DETAIL)
        left, top = (shown.width - across) // 2, round((shown.height - down) * 0.3)
        shown = shown.crop((left, top, left + across, top + down))
    written = BytesIO()
    shrunk(shown, _SHOWN).save(written, "WEBP", quality=_QUALITY)
    return _data("image/webp", written.getvalue()), clear


def _row(outcome: Outcome) -> str:
    job = outcome.job
    if outcome.after is not None:
        result = f"<td>{_link(outcome.after)}</td>"
    else:
        why = f"passed over: {outcome.skipped}" if outcome.skipped else f"failed: {outcome.failed}"
        result = f'<td class="not" dir="auto">{escape(why)}</td>'
    return (
        f'<tr><th scope="row">{escape(outcome.step.title)}</th><td><code>{escape(outcome.step.model)}</code></td>'
        f'<td class="number">{seconds(job) if job else ""}</td>'
        f'<td class="number">{job.credits_used if job else ""}</td>'
        f"{result}</tr>"
    )


def _link(path: Path) -> str:
    return f'<a href="{escape(path.name)}" dir="ltr">{escape(path.name)}</a>'


def _is_short(path: Path) -> bool:
    return path.stat().st_size <= _EMBEDDED


def _data(media_type: str, content: bytes) -> str:
    return f"data:{escape(media_type)};base64,{base64.b64encode(content).decode('ascii')}"
