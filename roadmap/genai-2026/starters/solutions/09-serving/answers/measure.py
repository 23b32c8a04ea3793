"""Send many requests and tell how long they take: `python -m answers.measure URL QUESTION CLIENTS REQUESTS`."""

from __future__ import annotations

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def ask(url: str, question: str) -> int:
    """Send one question and return the status of the reply."""
    request = Request(f"{url}/ask", json.dumps({"question": question}).encode())
    try:
        with urlopen(request, timeout=60) as reply:
            reply.read()
            return int(reply.status)
    except HTTPError as error:
        error.close()
        return error.code


def percentile(times: Sequence[float], share: float) -> float:
    """Return the smallest of the times that at least this share of them does not exceed."""
    return sorted(times)[max(math.ceil(share * len(times)) - 1, 0)]


def measure(
    send: Callable[[], int], clients: int, requests: int, clock: Callable[[], float] = time.monotonic
) -> tuple[list[float], Counter[int]]:
    """Return the seconds of each request that was answered with 200, and how often each status came."""

    def timed(_number: int) -> tuple[int, float]:
        begin = clock()
        status = send()
        return status, clock() - begin

    with ThreadPoolExecutor(clients) as pool:
        done = list(pool.map(timed, range(requests)))
    return [seconds for status, seconds in done if status == 200], Counter(status for status, _ in done)


def main(arguments: list[str]) -> int:
    """Print the statuses, and the median and 95th percentile of what was answered."""
    if len(arguments) != 4:
        print("usage: python -m answers.measure URL QUESTION CLIENTS REQUESTS", file=sys.stderr)
        return 2
    url, question, clients, requests = arguments
    times, statuses = measure(lambda: ask(url, question), int(clients), int(requests))
    print(*(f"{status}: {number}" for status, number in sorted(statuses.items())), sep="  ")
    if times:
        print(f"p50 {percentile(times, 0.5):.3f} s  p95 {percentile(times, 0.95):.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
