"""A real browser, told what to do over the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/).

It is the Chromium or Chrome that is installed; `PIXIE_BROWSER` names another. Nothing is downloaded, and no driver is
needed: the protocol runs over two pipes. `python -m tests.support.chromium` says whether there is one.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
NONE_HERE: Final = (
    "The pages were not tested in a browser: neither Chromium nor Chrome is installed, and PIXIE_BROWSER names none.\n"
    "Install one (Debian: apt-get install chromium) and run: make browser"
)
PATIENCE: Final = 20.0
NAMED: Final = os.environ.pop("PIXIE_BROWSER", None)
"""Taken out, for Pixie's processes inherit the environment, and refuse what is no setting of theirs."""

Json = dict[str, Any]


def find_browser(named: str | None = NAMED) -> str | None:
    """The program that is named; it must exist. Else the first that is installed."""
    if named is None:
        return next((found for name in NAMES if (found := shutil.which(name))), None)
    if found := shutil.which(named):
        return found
    raise FileNotFoundError(f"PIXIE_BROWSER is {named}: there is no such program")


@dataclass(slots=True)
class Chromium:
    """One running browser; its tabs share its pipes."""

    inbox: int
    outbox: int
    calls: int = 0
    waiting: bytes = b""
    events: list[Json] = field(default_factory=list)

    def call(self, method: str, session: str | None = None, **params: object) -> Json:
        """What the browser answers. Events that come meanwhile are kept."""
        self.calls += 1
        number = self.calls
        message: Json = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.outbox, data) :]
        deadline = time.monotonic() + PATIENCE
        while True:
            heard = self._next(deadline)
            if heard.get("id") == number:
                assert "error" not in heard, f"{method}: {heard['error']}"
                result: Json = heard["result"]
                return result
            self.events.append(heard)

    def _next(self, deadline: float) -> Json:
        while b"\0" not in self.waiting:
            ready, _, _ = select.select([self.inbox], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"the browser said nothing for {PATIENCE:g} s"
            chunk = os.read(self.inbox, 1 << 20)
            assert chunk, "the browser has ended"
            self.waiting += chunk
        text, _, self.waiting = self.waiting.partition(b"\0")
        heard: Json = json.loads(text)
        return heard

    @contextmanager
    def tab(self, *, width: int = 1440, height: int = 900, language: str = "en", dark: bool = False) -> Iterator["Tab"]:
        """A tab with an empty profile of its own."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session, context)
        for domain in ("Page", "Network", "Runtime", "Log", "DOM"):
            tab.call(f"{domain}.enable")
        tab.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        tab.call("Emulation.setEmulatedMedia", features=[scheme])
        agent = self.call("Browser.getVersion")["userAgent"]
        tab.call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
        try:
            yield tab
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=context)


@dataclass(slots=True)
class Tab:
    browser: Chromium
    session: str
    context: str

    def call(self, method: str, **params: object) -> Json:
        return self.browser.call(method, self.session, **params)

    def open(self, url: str) -> None:
        """Until everything that the page names is loaded."""
        failed = self.call("Page.navigate", url=url).get("errorText")
        assert failed is None, f"{url}: {failed}"
        self.wait("document.readyState === 'complete'")

    def clipboard(self) -> str:
        """What was copied last."""
        allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        self.browser.call("Browser.grantPermissions", browserContextId=self.context, permissions=allowed)
        self.call("Page.bringToFront")
        return str(self.run("navigator.clipboard.readText()"))

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        done = self._evaluated(script)
        assert "exceptionDetails" not in done, f"{script}: {done['exceptionDetails']}"
        return done["result"].get("value")

    def wait(self, script: str, *, within: float = PATIENCE) -> Any:
        """The value of the expression once there is one that counts; between two pages it may find nothing at all."""
        deadline = time.monotonic() + within
        while not (value := (done := self._evaluated(script))["result"].get("value")):
            assert time.monotonic() < deadline, f"not within {within:g} s: {script}: {done}"
            time.sleep(0.05)
        return value

    def _evaluated(self, script: str) -> Json:
        return self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True)

    def text(self, selector: str) -> str:
        return str(self.run(f"document.querySelector({json.dumps(selector)}).innerText"))

    def click(self, selector: str, *, within: float = PATIENCE) -> None:
        """As a mouse does: on what is seen there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait(f"!!{found}", within=within)
        self.run(f"{found}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.run(f"(() => {{ const box = {found}.getBoundingClientRect(); return box.toJSON() }})()")
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, **where)

    def type(self, selector: str, text: str) -> None:
        self.click(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).select()")
        self.call("Input.insertText", text=text)

    def choose_file(self, selector: str, path: Path) -> None:
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def requests(self) -> list[str]:
        """Every address that was asked for, in order."""
        return [event["request"]["url"] for event in self._heard("Network.requestWillBeSent")]

    def strangers(self, url: str) -> list[str]:
        """Requests that left the host of `url`."""
        known = urlsplit(url).netloc
        return [
            asked
            for asked in self.requests()
            if not asked.startswith(("data:", "blob:", "about:")) and urlsplit(asked).netloc != known
        ]

    def complaints(self) -> list[str]:
        """What a developer would see in red or yellow on the console."""
        thrown = [str(event["exceptionDetails"]) for event in self._heard("Runtime.exceptionThrown")]
        logged = [
            f"{event['entry']['text']} {event['entry'].get('url', '')}"
            for event in self._heard("Log.entryAdded")
            if event["entry"]["level"] in {"error", "warning"}
        ]
        said = [
            str([argument.get("value", argument.get("description")) for argument in event["args"]])
            for event in self._heard("Runtime.consoleAPICalled")
            if event["type"] in {"error", "warning", "assert"}
        ]
        return thrown + logged + said

    def _heard(self, method: str) -> list[Json]:
        self.run("0")  # takes in what was said until now
        return [
            event["params"]
            for event in self.browser.events
            if event.get("method") == method and event.get("sessionId") == self.session
        ]


@contextmanager
def chromium(home: Path) -> Iterator[Chromium]:
    """Raises `RuntimeError` where there is no browser."""
    program = find_browser()
    if program is None:
        raise RuntimeError(NONE_HERE)
    home.mkdir(parents=True, exist_ok=True)
    (from_us, to_browser), (from_browser, to_us) = os.pipe(), os.pipe()
    process = _started(program, home, from_us, to_us)
    os.close(from_us)
    os.close(to_us)
    browser = Chromium(from_browser, to_browser)
    try:
        yield browser
        browser.call("Browser.close")
        process.wait(10)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its children, too
        process.wait()
        os.close(to_browser)
        os.close(from_browser)


def _started(program: str, home: Path, commands: int, answers: int) -> "subprocess.Popen[bytes]":
    """The browser reads the protocol from descriptor 3, and writes it to 4."""
    high = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 10) for one in (commands, answers)]  # so that none is 3 or 4
    argv = [program, *FLAGS, f"--user-data-dir={home / 'profile'}", "about:blank"]
    with (home / "browser.log").open("wb") as log:
        process = subprocess.Popen(
            ["bash", "-c", f'exec "$0" "$@" 3<&{high[0]} 4>&{high[1]}', *argv],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=high,
            start_new_session=True,
        )
    for one in high:
        os.close(one)
    return process


def main() -> int:
    """A name that leads nowhere is left to the tests: they fail on it."""
    if NAMED or find_browser():
        return 0
    sys.stderr.write(f"{NONE_HERE}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
