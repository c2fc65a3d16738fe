from pixie.application.kernel.ports import Links


class PublicLinks(Links):
    def __init__(self, origin: str) -> None:
        self._origin = origin.rstrip("/")

    def absolute(self, path: str) -> str:
        return f"{self._origin}{path}"
