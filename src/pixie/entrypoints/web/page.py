"""Pages, put together from the files beside this one.

A page is whole in itself: nothing is fetched from another host, and the policy that goes with it lets a browser run the
script and apply the style that were written here, and no other.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.resources import files
from string import Template
from typing import Final

from pixie.domain.kernel.locale import Locale
from pixie.entrypoints.web.texts import TEXTS

MEDIA_TYPE: Final = "text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around a page. `links` and `head` are HTML; `allow` adds sources to its policy, by directive."""

    name: str
    title: str
    locale: Locale = Locale.ENGLISH
    links: str = ""
    head: str = ""
    styles: tuple[str, ...] = ("frame.css", "style.css")
    script: str | None = None
    allow: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    policy: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": self.policy,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
        }


def page(frame: Frame, content: str) -> Page:
    """`content` is HTML."""
    texts = TEXTS[frame.locale]
    style = "".join(asset(name) for name in frame.styles)
    script = asset(frame.script) if frame.script else None
    html = Template(asset("layout.html")).substitute(
        {key: escape(texts[key]) for key in ("brand", "skip", "nav", "licence")},
        lang=frame.locale.value,
        dir=frame.locale.direction,
        name=frame.name,
        title=escape(frame.title),
        version=escape(version("pixie")),
        links=frame.links,
        head=frame.head,
        style=style,
        body=content,
        script=f'<script type="module">{script}</script>\n' if script else "",
    )
    return Page(html.encode(), _policy(style, script, frame.allow or {}))


def fill(name: str, values: Mapping[str, str]) -> str:
    """The template of this name; the values are HTML already."""
    return Template(asset(name)).substitute(values)


def link(href: str, words: str, *, lang: Locale | None = None) -> str:
    language = f' lang="{lang}" hreflang="{lang}"' if lang else ""
    return f'<a href="{escape(href)}"{language}>{escape(words)}</a>'


@cache
def asset(name: str) -> str:
    return files("pixie.entrypoints.web").joinpath(name).read_text("utf-8")


def _policy(style: str, script: str | None, allow: Mapping[str, str]) -> str:
    sources = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script) if script else "'none'",
        "connect-src": "'self'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {source} {allow.get(name, '')}".rstrip() for name, source in sources.items())


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
