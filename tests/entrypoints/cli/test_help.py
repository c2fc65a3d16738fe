"""What a person at a terminal reads before anything runs; and what a pipe gets instead of colours."""

import os
import pty
import subprocess
import sys
from collections.abc import Sequence

import click
import pytest
from click.testing import CliRunner

from pixie.entrypoints.cli.main import COMMANDS, PANELS, pixie

PIXIE = (sys.executable, "-P", "-m", "pixie")
ESCAPE = b"\x1b"


def on_a_terminal(words: Sequence[str], **environment: str) -> bytes:
    """What a terminal of 100 columns is sent."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environment}
    process = subprocess.Popen([*PIXIE, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65_536):
            shown += chunk
    except OSError:
        pass  # Linux says so when the other side is closed
    finally:
        os.close(ours)
    assert process.wait(30) == 0
    return shown


def test_every_command_stands_in_one_panel() -> None:
    shown = [name for names in PANELS.values() for name in names]

    assert sorted(shown) == sorted(set(COMMANDS) - {"prepare"})


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        found.append((*path, name))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


@pytest.mark.parametrize("path", commands(pixie), ids=" ".join)
def test_every_command_tells_what_it_does_and_what_its_options_mean(path: tuple[str, ...]) -> None:
    command: click.Command = pixie
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    shown = CliRunner().invoke(pixie, [*path, "--help"], env={"COLUMNS": "100"})

    assert shown.exit_code == 0, shown.output
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help or isinstance(option.type, click.Choice | click.IntRange), option.name


def test_a_pipe_gets_help_without_colours() -> None:
    shown = subprocess.run([*PIXIE, "--help"], capture_output=True, check=True, timeout=60)

    assert b"Begin here" in shown.stdout
    assert b"$ pixie demo photo.jpg" in shown.stdout
    assert ESCAPE not in shown.stdout + shown.stderr


def test_a_terminal_gets_colours_unless_nobody_wants_them() -> None:
    assert b"\x1b[3" in on_a_terminal(["--help"])
    plain = on_a_terminal(["doctor", "--help"], NO_COLOR="1")
    assert not [code for code in plain.split(ESCAPE)[1:] if code.startswith((b"[3", b"[9"))]


@pytest.mark.parametrize(("shell", "word"), [("bash", "complete -o"), ("zsh", "#compdef pixie"), ("fish", "complete ")])
def test_completion_is_printed_and_says_how_it_is_installed(shell: str, word: str) -> None:
    printed = CliRunner().invoke(pixie, ["completion", shell])

    assert printed.exit_code == 0
    assert word in printed.stdout
    assert f"#   pixie completion {shell} > " in printed.stdout
    assert printed.stdout.startswith("#")


def test_an_unknown_shell_is_a_usage_error() -> None:
    assert CliRunner().invoke(pixie, ["completion", "tcsh"]).exit_code == 2


def completed(words: str, **environment: str) -> list[str]:
    env = {**os.environ, "_PIXIE_COMPLETE": "bash_complete", "COMP_WORDS": words, **environment}
    env["COMP_CWORD"] = str(len(words.split()) - (0 if words.endswith(" ") else 1))
    done = subprocess.run([*PIXIE], capture_output=True, text=True, check=False, timeout=60, env=env)
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_and_options_complete_and_without_a_system_no_models(tmp_path: object) -> None:
    nowhere = str(tmp_path)

    assert completed("pixie comp") == ["completion"]
    assert {"--image", "--mask", "--prompt", "--url"} <= set(completed("pixie run --"))
    assert completed("pixie run ", PIXIE_DATA_DIR=nowhere) == []
    assert completed("pixie jobs watch ", PIXIE_DATA_DIR=nowhere) == []
