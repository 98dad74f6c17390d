"""The real server on a free loopback port, for tests and the bench."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
NO_SECRETS = PROJECT / "tests" / "no_secrets.toml"
START_WITHIN_S = 90


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of a page of ours."""
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310 only our own server
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 the same
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


@contextmanager
def running(database_url: str, log: Path, **environment: str) -> Iterator[str]:
    """Address of a server on that database; it is stopped at the end. Its output goes to the log."""
    port = free_port()
    ours = {"DATABASE_URL": database_url, "PORT": str(port), "SECRETS_FILE": str(NO_SECRETS)}
    variables = {**os.environ, **ours, **environment}
    variables.pop("BIND", None)
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.server"], cwd=PROJECT, env=variables, stdout=output, stderr=output
        )
        try:
            _wait(process, f"http://127.0.0.1:{port}/healthz", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen, url: str, log: Path) -> None:
    give_up = time.monotonic() + START_WITHIN_S
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once:\n{log.read_text()}")
        try:
            if get(url)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {START_WITHIN_S} s:\n{log.read_text()}")
