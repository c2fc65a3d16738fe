"""Mails from the files under `templates/`: `<name>.<locale>.txt`, whose first line is the subject, and `….html`."""

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from pixie.application.notifications.ports import Letter, MailTemplates
from pixie.domain.kernel.locale import Locale

_BRAND = {Locale.ENGLISH: "Pixie", Locale.PERSIAN: "پیکسی"}
_SUBJECT = "Subject: "
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"  # a name may run the other way than the sentence it stands in


class FileMailTemplates(MailTemplates):
    """`$name` in a template is the fact of that name; `facts` of another kind than text do not exist."""

    def render(self, template: str, locale: Locale, facts: Mapping[str, str]) -> Letter:
        subject, _, text = _template(f"{template}.{locale}.txt").partition("\n\n")
        plain = {key: _isolated(value) for key, value in facts.items()}
        escaped = {key: escape(value) for key, value in facts.items()}
        subject = Template(subject.removeprefix(_SUBJECT)).substitute(plain)
        html = Template(_template("layout.html")).substitute(
            lang=locale.value,
            dir=locale.direction,
            subject=escape(subject),
            brand=_BRAND[locale],
            body=Template(_template(f"{template}.{locale}.html")).substitute(escaped),
        )
        return Letter(subject=subject, text=Template(text).substitute(plain), html=html)


@cache
def _template(name: str) -> str:
    return files("pixie.adapters.notifications").joinpath("templates", name).read_text("utf-8")


def _isolated(value: str) -> str:
    return value if "://" in value else f"{_ISOLATE}{value}{_END_ISOLATE}"
