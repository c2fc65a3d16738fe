from pathlib import Path

from pixie.adapters.kernel.outbound_http import OutboundHttp
from pixie.application.jobs.ports import ResultFetcher
from pixie.domain.jobs.errors import InvalidResult
from pixie.domain.kernel.errors import PixieError


class OutboundResultFetcher(ResultFetcher):
    """Fetches a result through the guard for outside requests: a provider's answer is no more trusted than a user's."""

    def __init__(self, outbound: OutboundHttp, *, max_bytes: int, timeout: float) -> None:
        self._outbound = outbound
        self._max_bytes = max_bytes
        self._timeout = timeout

    async def fetch(self, url: str, to: Path) -> None:
        try:
            await self._outbound.download(url, to, max_bytes=self._max_bytes, timeout=self._timeout)
        except PixieError as error:
            if error.kind.passing:
                raise
            raise InvalidResult(f"The provider's result cannot be fetched: {error.detail}") from error
