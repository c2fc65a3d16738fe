"""Small processes instead of Pixie's own, under the real supervisor: `fake_system.py FOLDER PORT [WORD...]`.

The words say what is to go wrong. Each process writes its name and pid into the folder `born` beside the data folder
when it starts, and its name into the file `stopped` when it is asked to end.
"""

import http.server
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.entrypoints.supervisor.child import ChildSpec
from pixie.entrypoints.supervisor.plan import Address, Plan
from pixie.entrypoints.supervisor.run import run


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        del format, args


def main() -> None:
    folder, port, words = DataFolder(Path(sys.argv[1])), int(sys.argv[2]), set(sys.argv[3:])
    if "as-child" in words:
        be_child(folder.path.parent, port, sys.argv[4], set(sys.argv[5:]))
    sys.exit(run(fake_plan(folder, port, words)))


def fake_plan(folder: DataFolder, port: int, words: set[str]) -> Plan:
    address = Address("127.0.0.1", port)

    def spec(name: str, turn: int) -> ChildSpec:
        argv = (sys.executable, __file__, str(folder.path), str(port), "as-child", name, *words)
        patience = 60.0 if "deaf" in words else 5.0
        ready = address.answers_ready if name == "api" else None
        return ChildSpec(name=name, argv=argv, turn=turn, patience=patience, is_ready=ready)

    prepare = "echo preparing; " + ("echo no such schema >&2; exit 4" if "unprepared" in words else "exit 0")
    return Plan(
        folder=folder,
        address=address,
        embedded="engines" in words,
        prepare=("/bin/sh", "-c", prepare),
        children=(spec("api", 2), spec("worker", 1), spec("compute", 1), spec("scheduler", 0)),
        env={"FAKE": "1"},
        verbose="verbose" in words,
    )


def be_child(home: Path, port: int, name: str, words: set[str]) -> NoReturn:
    def note_stop(_number: int, _frame: FrameType | None) -> None:
        with (home / "stopped").open("a") as file:
            print(name, file=file)
        if "deaf" not in words:
            os._exit(0)

    signal.signal(signal.SIGTERM, note_stop)
    (home / "born").mkdir(exist_ok=True)
    (home / "born" / f"{name}-{os.getpid()}").touch()
    print(f"{name} says hello", flush=True)  # noqa: T201 - it is what they log
    if f"{name}-crashes" in words:
        sys.exit("out of luck")
    if name == "api":
        subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
        if "never-ready" not in words:
            http.server.HTTPServer(("127.0.0.1", port), Health).serve_forever()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
