"""A problem for people: the page that a browser shows where a program would read the document."""

from dataclasses import dataclass
from html import escape

from pixie.domain.kernel.locale import Locale
from pixie.entrypoints.web.page import Frame, Page, fill, link, page
from pixie.entrypoints.web.texts import TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage:
    """`title` and `detail` are the document's, in English; the commonest problems have words of their own."""

    locale: Locale
    status: int
    code: str
    title: str
    detail: str
    type: str
    request_id: str

    def page(self) -> Page:
        texts = TEXTS[self.locale]
        own = f"{self.code}_detail" in texts
        heading = texts[self.code] if own else self.title
        content = fill(
            "problem.html",
            {
                **{key: escape(texts[key]) for key in ("back", "code_word", "request_word")},
                "status": str(self.status),
                "heading": escape(heading),
                "detail": escape(texts[f"{self.code}_detail"] if own else self.detail),
                "foreign": "" if own or self.locale is Locale.ENGLISH else ' lang="en" dir="ltr"',
                "type": escape(self.type),
                "code": escape(self.code),
                "request_id": escape(self.request_id),
            },
        )
        links = "\n".join((link("/docs", texts["reference"]), link("/docs/errors", texts["errors"])))
        return page(Frame(name="problem", title=heading, locale=self.locale, links=links), content)
