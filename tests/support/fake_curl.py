#!/usr/bin/env python3
"""Stands in for curl: writes down what was asked, and answers as Pixie would, in few words.

`CURL_LOG` names the file that gets one JSON object for each call.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

JOB = "01936b2e-0000-7000-8000-000000000001"
FILE = "01936b2e-0000-7000-8000-00000000000f"
ANSWERS: dict[str, object] = {
    "/api/auth/register": {"access_token": "a.b.c"},
    "/api/auth/me": {"credits": {"available": 96, "held": 0}},
    "/api/files/upload": {"id": FILE},
    f"/api/ai/jobs/{JOB}/status": {"status": "completed"},
    f"/api/ai/jobs/{JOB}/result": {"outputs": [{"url": f"http://127.0.0.1:8000/api/files/{FILE}?signature=s"}]},
}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("-s", action="store_true")
    options.add_argument("-S", action="store_true")
    options.add_argument("-N", action="store_true")
    options.add_argument("-H", action="append", default=[])
    options.add_argument("-d")
    options.add_argument("-F", action="append", default=[])
    options.add_argument("-o", type=Path)
    options.add_argument("url")
    given = options.parse_args()
    with Path(os.environ["CURL_LOG"]).open("a", encoding="utf-8") as log:
        method = "POST" if given.d or given.F else "GET"
        json.dump({"method": method, "url": given.url, "headers": given.H, "data": given.d, "form": given.F}, log)
        log.write("\n")
    for part in given.F:
        Path(part.partition("=@")[2]).read_bytes()
    if given.o:
        given.o.write_bytes(b"a picture")
    else:
        sys.stdout.write(json.dumps(ANSWERS.get(urlsplit(given.url).path, {"id": JOB})) + "\n")


main()
