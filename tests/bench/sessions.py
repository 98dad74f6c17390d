"""Loads a running server with browser sessions and measures the server's share of what a visitor waits for.

Each session opens a socket as a browser does, runs the page once, then asks for a full rerun again and
again without thinking (closed loop). Loopback only; the number of runs is bounded.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

AT_MOST_RUNS = 2_000
XSRF = "_streamlit_xsrf"
ANSWER_WITHIN_S = 120


@dataclass(frozen=True)
class Load:
    """Milliseconds of warm runs, runs per second of all, and what went wrong on the page."""

    p50: float
    p95: float
    runs_per_second: float
    errors: tuple[str, ...]


async def _run(socket: websockets.ClientConnection, page: str, query: str) -> tuple[float, list[str]]:
    request = BackMsg()
    request.rerun_script.query_string = query
    request.rerun_script.page_name = page
    request.rerun_script.context_info.locale = "zh-CN"
    request.rerun_script.context_info.timezone = "Asia/Shanghai"
    started = time.perf_counter()
    await socket.send(request.SerializeToString())
    errors = []
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket.recv(), ANSWER_WITHIN_S))
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            errors.append(message.delta.new_element.exception.message)
        elif kind == "delta" and "sign_in_button" in message.delta.new_element.button.id:
            errors.append("nobody is signed in")
        elif kind == "page_not_found":
            errors.append(f"no page {page!r}")
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return time.perf_counter() - started, errors


async def _session(
    url: str, page: str, query: str, reruns: int, cookies: Mapping[str, str]
) -> tuple[list[float], list[str]]:
    place = urlsplit(url)
    # As the browser's part of Streamlit does: the token beside the protocol's name lets the cookies hold.
    protocols = ["streamlit", *([cookies[XSRF]] if XSRF in cookies else [])]
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
    async with websockets.connect(
        f"ws://{place.netloc}/_stcore/stream",
        subprotocols=protocols,
        additional_headers={"Cookie": kept} if kept else {},
        origin=f"http://{place.netloc}",
        max_size=None,
        ping_interval=None,
    ) as socket:
        seconds, errors = [], []
        for _ in range(reruns + 1):
            took, wrong = await _run(socket, page, query)
            seconds.append(took)
            errors += wrong
    return seconds, errors


async def _all(
    url: str, page: str, query: str, sessions: int, reruns: int, cookies: Mapping[str, str]
) -> Load:
    started = time.perf_counter()
    done = await asyncio.gather(*(_session(url, page, query, reruns, cookies) for _ in range(sessions)))
    elapsed = time.perf_counter() - started
    warm = np.array([one for seconds, _ in done for one in seconds[1:]]) * 1e3
    errors = sorted({error for _, wrong in done for error in wrong})
    count = sum(len(seconds) for seconds, _ in done)
    p50, p95 = np.percentile(warm, [50, 95])
    return Load(float(p50), float(p95), count / elapsed, tuple(errors))


def load(
    url: str, page: str, query: str, sessions: int, reruns: int, cookies: Mapping[str, str] | None = None
) -> Load:
    """What so many sessions find, each rerunning the page so often. Refuses any other machine.

    cookies: of somebody who has signed in.
    """
    if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError("loopback only")
    if sessions * (reruns + 1) > AT_MOST_RUNS:
        raise ValueError(f"at most {AT_MOST_RUNS} runs")
    return asyncio.run(_all(url, page, query, sessions, reruns, cookies or {}))
