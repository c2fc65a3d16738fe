import pytest

from pixie.entrypoints.cli.doctor import _tell
from pixie.entrypoints.wiring.finding import Finding


def test_what_may_be_missing_is_told_and_not_called_bad(capsys: pytest.CaptureFixture[str]) -> None:
    for finding in (
        Finding(subject="postgres", good=True, text="version 18"),
        Finding(subject="redis", good=False, text="does not answer", advice="check REDIS_URL"),
        Finding(subject="local/upscale", good=False, text="its weights are not here", needed=False),
    ):
        _tell(finding)

    fine, bad, advice, missing = capsys.readouterr().out.splitlines()
    assert fine.startswith("ok ")
    assert bad.startswith("BAD ")
    assert "check REDIS_URL" in advice
    assert missing.startswith("off ")
    assert "its weights are not here" in missing
