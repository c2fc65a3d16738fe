"""What can go wrong between a shell and a Pixie: in words, and with what to do next."""

from typing import ClassVar, Final

from pixie.entrypoints.cli.client.answers import InvalidField, Problem

ADVICE: Final = {
    "insufficient_credits": "Whoever runs this Pixie can grant some: pixie credits grant E-MAIL AMOUNT",
    "model_not_found": "`pixie models list` names the models there are.",
    "model_unavailable": "`pixie models list` names others; an operator can switch it on: `pixie models enable NAME`.",
    "invalid_parameters": "`pixie models show NAME` tells what a model takes.",
    "invalid_request": "`pixie models show NAME` tells what a model takes.",
    "not_signed_in": "Access tokens live 15 minutes: sign in again, and give the new one with --key or PIXIE_KEY.",
    "file_too_large": "Send a smaller one.",
    "image_too_many_pixels": "Send a smaller one.",
    "unsupported_media_type": "Pixie takes JPEG, PNG, WebP, AVIF and GIF; save it as one of these.",
    "invalid_image": "Open it in a picture viewer and save it again, or send another one.",
    "job_not_found": "Look at the id; `pixie jobs list` shows the newest jobs of a system on this machine.",
    "idempotency_key_reused": "Take another --idempotency-key, or none.",
    "rate_limited": "Wait a little.",
    "internal_error": "Ask whoever runs this Pixie, and name the request id.",
}


class ClientTrouble(Exception):
    """`lines` say what is wrong; `advice` what to do about it; `exit_code` tells it to scripts (as in sysexits.h)."""

    exit_code: ClassVar[int] = 69

    def __init__(self, *lines: str, advice: str = "") -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.advice = advice


class Refused(ClientTrouble):
    """Pixie understood, and said no."""

    exit_code: ClassVar[int] = 1

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        told = [_told(field, problem.detail) for field in problem.errors if field.place or field.message]
        asked = [f"  Request id: {problem.request_id}"] if problem.status >= 500 and problem.request_id else []  # noqa: PLR2004 - a fault of the server
        super().__init__(_sentence(problem), *filter(None, told), *asked, advice=ADVICE.get(problem.code, ""))
        self.problem = problem
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed a little later, unchanged."""
        switched_off = self.problem.code == "model_unavailable"
        busy = self.problem.status in {429, 502, 503, 504} or self.problem.code == "idempotency_key_in_use"
        return busy and not switched_off


class BadOrder(ClientTrouble):
    """What was asked for cannot be; nothing was sent."""

    exit_code: ClassVar[int] = 2


class NotSaved(ClientTrouble):
    """A place for results that takes none."""

    exit_code: ClassVar[int] = 73


class NoAnswer(ClientTrouble):
    """Nobody answered, for longer than we were ready to wait."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            f"No Pixie answers at {url}: {why}.",
            advice="Look whether it runs (`pixie up` starts one here), and whether --url or PIXIE_URL is right.",
        )


class NotPixie(ClientTrouble):
    """Somebody answered, but not as a Pixie would."""

    def __init__(self, url: str, what: str) -> None:
        super().__init__(
            f"What answers at {url} is no Pixie, or something stands between: {what}.",
            advice="--url wants the address that a Pixie prints as `ready`, e.g. http://127.0.0.1:8000.",
        )


class Damaged(ClientTrouble):
    """A file arrived, and it is not the one that Pixie has."""

    def __init__(self, name: str, url: str) -> None:
        super().__init__(
            f"{name} arrived damaged, several times.", advice=f"It can be fetched for an hour, without a key: {url}"
        )


def _sentence(problem: Problem) -> str:
    if not problem.detail or problem.detail == problem.title:
        return problem.title
    return f"{problem.title}: {problem.detail}"


def _told(field: InvalidField, detail: str) -> str:
    """Where it is, and what, unless that was said already."""
    if field.message in detail:
        return f"  at {field.place}" if field.place else ""
    return f"  {field.place}: {field.message}" if field.place else f"  {field.message}"
