"""`Content-Disposition` (RFC 6266): names of any script, and something readable for clients that know only ASCII."""

import unicodedata
from urllib.parse import quote


def inline(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    if plain == name and '"' not in name and "\\" not in name and "%" not in name:
        return f'inline; filename="{name}"'
    fallback = "".join("_" if character in '"\\%' else character for character in plain).strip()
    ascii_name = f"file{fallback}" if fallback[:1] in ("", ".") else fallback  # no hidden file, and never no name
    return f"inline; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
