"""Commands in a process of their own: signals, pipes, and what is not installed."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

Start = Callable[[Sequence[str]], "subprocess.Popen[str]"]

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
from ghpackages.cli import main
sys.exit(main({arguments!r}))
"""


def without(blocked: Sequence[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    script = BLOCKED.format(blocked=set(blocked), arguments=list(arguments))
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize("blocked", [["typer"], ["rich"], ["typer", "rich", "click", "uvicorn"]])
def test_without_the_extra_one_line_says_what_to_install(blocked: list[str]) -> None:
    done = without(blocked, "--version")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'ghpackages: the command line needs more packages: pip install "ghpackages[cli]"\n'


def test_without_uvicorn_only_the_mock_server_is_missing() -> None:
    done = without(["uvicorn"], "mock-server", "--port", "0")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert 'pip install "ghpackages[cli]"' in done.stderr
    assert without(["uvicorn"], "audit", "@me", "--demo").returncode == 0


def test_it_runs_as_a_module(start: Start) -> None:
    process = start(["audit", "@me", "--demo"])
    out, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (0, "")
    assert "7 packages" in out


def test_a_closed_pipe_is_silent(start: Start) -> None:
    process = start(["versions", "octo-org", "container", "web/api", "--demo", "-f", "jsonl"])
    assert process.stdout is not None
    assert process.stdout.readline().startswith("{")
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()

    assert (process.wait(30), err) == (141, "")


@pytest.fixture
def silent() -> socket.socket:
    """Give a port where connections are accepted and nothing is ever answered."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(30)
    return listener


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_it_cleanly(start: Start, silent: socket.socket, number: signal.Signals, code: int) -> None:
    url = f"http://127.0.0.1:{silent.getsockname()[1]}"
    process = start(["audit", "acme", "--base-url", url, "-o", "a.jsonl"])
    with silent, silent.accept()[0]:  # now it waits for the answer
        assert Path("a.jsonl.partial").exists()
        process.send_signal(number)
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (code, "", "")
    assert list(Path().iterdir()) == []


def test_the_mock_server_tells_how_to_use_it_and_stops_cleanly(start: Start) -> None:
    process = start(["mock-server", "--port", "0", "--org", "acme"])
    assert process.stderr is not None
    told = "".join(process.stderr.readline() for _ in range(4))
    url, token = re.findall(r"GITHUB_API_URL=(\S+) GH_TOKEN=(\S+) ghpackages audit acme", told)[0]
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        found = client.get(f"{url}/orgs/octo-org/packages?package_type=npm").json()
        empty = client.get(f"{url}/orgs/acme/packages?package_type=npm").json()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (130, "", "")
    assert found
    assert empty == []


def told_by(process: subprocess.Popen[str], lines: int = 4) -> tuple[str, str]:
    """The base URL and the token that a mock server told."""
    assert process.stderr is not None
    told = "".join(process.stderr.readline() for _ in range(lines))
    ((url, token),) = re.findall(r"GITHUB_API_URL=(\S+) GH_TOKEN=(\S+) ghpackages audit", told)
    return url, token


def test_the_mock_server_misbehaves_as_it_is_told(start: Start) -> None:
    faults = ["--fault", "502:GET:/orgs/*/packages:times=1", "--fault", "reset:operation=list_versions"]
    process = start(["mock-server", "--port", "0", *faults])
    url, token = told_by(process)
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        statuses = [client.get("/orgs/octo-org/packages?package_type=npm").status_code for _ in range(2)]
        with pytest.raises(httpx.TransportError):
            client.get("/orgs/octo-org/packages/container/web%2Fapi/versions")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)

    assert statuses == [502, 200]


def test_the_mock_server_is_saved_and_goes_on_where_it_was(start: Start) -> None:
    versions = "/orgs/octo-org/packages/container/web%2Fapi/versions"
    process = start(["mock-server", "--port", "0", "--seed", "octo-org:3", "--save", "state.json"])
    url, token = told_by(process)
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        first, second = [item["id"] for item in client.get(versions).json()[:2]]
        assert client.delete(f"{versions}/{first}").status_code == 204
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert err == "Saved to state.json\n"

    process = start(["mock-server", "--port", "0", "--seed", "state.json"])
    url, token = told_by(process)
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        assert client.get(versions).json()[0]["id"] == second
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--seed", "nothing.json"], "can't seed with nothing.json"),
        (["--seed", "octo-org:x"], "expected octo-org, octo-org:NUMBER or a file that --save wrote"),
        (["--fault", "999"], "'999' is no fault"),
        (["--fault", "502:times=never"], "is no fault"),
    ],
)
def test_a_mock_server_that_can_not_be_meant_is_2(start: Start, arguments: list[str], told: str) -> None:
    process = start(["mock-server", "--port", "0", *arguments])
    out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert told in err


def test_a_port_in_use_is_5(start: Start, silent: socket.socket) -> None:
    with silent:
        process = start(["mock-server", "--port", str(silent.getsockname()[1])])
        out, err = process.communicate(timeout=30)

    assert (process.returncode, out) == (5, "")
    assert err.count("\n") == 1
    assert "in use" in err


def on_pty(arguments: Sequence[str], columns: int, environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code, and what a terminal of so many columns got."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [sys.executable, "-m", "ghpackages", *arguments]
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)  # noqa: S603  (our own)
    os.close(theirs)
    got = b""
    with suppress(OSError):  # which is how a terminal ends on Linux
        while part := os.read(ours, 65536):
            got += part
    os.close(ours)
    return process.wait(), got.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("more", "bold"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_on_a_terminal_the_line_is_redrawn_and_then_the_table_stands_alone(more: dict[str, str], bold: bool) -> None:
    environment = {**os.environ, "TERM": "xterm", **more}
    environment = {name: value for name, value in environment.items() if name not in {"COLUMNS", "LINES"}}
    arguments = ["audit", "octo-org", "@me", "--demo", "--name", "*-*"]
    code, got = on_pty(arguments, 60, environment)
    drawn, _, table = got.rpartition("\r\x1b[K")
    bare = re.sub(r"\x1b\[[0-9;]*m", "", table)

    assert (code, bare != table) == (0, bold)
    assert all(len(line) < 60 for line in re.split(r"[\r\n]|\x1b\[K", drawn))
    assert "versions" in drawn
    assert all(len(line) <= 60 for line in bare.splitlines())
    assert bare.splitlines()[-1].split()[1] == "repositories"


@pytest.mark.parametrize("command", ["packages", "versions", "audit", "diff", "mock-server"])
def test_options_are_in_lower_case(start: Start, command: str) -> None:
    out, _ = start([command, "--help"]).communicate(timeout=30)

    assert "--help" in out
    assert re.findall(r"--\w*[A-Z]\w*", out) == []
