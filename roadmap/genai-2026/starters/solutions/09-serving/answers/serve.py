"""The assistant as a service on this computer: `python -m answers.serve FOLDER [PORT]`."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, cast

from answers.cite import Answer, Assistant, Quoter
from answers.model import ModelError, StandIn, choose_model
from answers.retrieve import index

LONGEST, LONGEST_BODY = 1_000, 10_000
IN_FLIGHT, TIMEOUT_S = 16, 10.0
Reply = tuple[int, dict[str, Any]]


class Service:
    """Answers questions within limits of length, of questions in flight and of time."""

    def __init__(self, ask: Callable[[str], Answer], in_flight: int = IN_FLIGHT, timeout_s: float = TIMEOUT_S) -> None:
        self.ask, self.timeout_s = ask, timeout_s
        self.slots = threading.BoundedSemaphore(in_flight)
        self.pages: dict[str, Callable[[], str]] = {"/health": lambda: json.dumps({"ok": True})}

    def reply(self, question: str) -> Reply:
        """Return a status and what to say: 200, 413 too long, 429 too many, 502 model failed, 504 too slow."""
        if len(question) > LONGEST:
            return 413, {"error": f"A question has at most {LONGEST} characters."}
        if not self.slots.acquire(blocking=False):
            return 429, {"error": "Too many questions at once; try again in a moment."}
        result: SimpleQueue[Reply] = SimpleQueue()
        threading.Thread(target=self._work, args=(question, result), daemon=True).start()
        try:
            return result.get(timeout=self.timeout_s)
        except Empty:
            return 504, {"error": "The model took too long."}

    def _work(self, question: str, result: SimpleQueue[Reply]) -> None:
        """Put one reply; the slot is free when the work has ended, not when somebody stopped waiting for it."""
        try:
            said = 200, described(self.ask(question))
        except ModelError as error:
            said = 502, {"error": str(error)}
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it; the text may hold the question
            said = 500, {"error": f"Something is broken here ({type(error).__name__})."}
        self.slots.release()
        result.put(said)


def described(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON holds it."""
    cites = [{"source": one.document.source, "start": one.start, "text": one.text} for one in answer.cites]
    return {"text": answer.text, "refused": answer.refused, "cites": cites}


class Server(ThreadingHTTPServer):
    """A server that finishes the requests in flight when it is closed."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, service: Service, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.service = service


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP and decides nothing."""

    timeout = 10

    def do_GET(self) -> None:
        """Show a page of the service."""
        page = cast(Server, self.server).service.pages.get(self.path)
        self._send(200 if page else 404, page() if page else json.dumps({"error": "There is no such page."}))

    def do_POST(self) -> None:
        """Answer `{"question": TEXT}`."""
        status, said = self._reply()
        self._send(status, json.dumps(said, ensure_ascii=False))

    def _reply(self) -> Reply:
        if self.path != "/ask":
            return 404, {"error": "There is no such page."}
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return 411, {"error": "Say how long the request is."}
        if int(length) > LONGEST_BODY:
            return 413, {"error": "The request is too long."}
        try:
            question = json.loads(self.rfile.read(int(length)))["question"].strip()
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            question = ""
        if not question:
            return 400, {"error": 'Send {"question": TEXT}.'}
        return cast(Server, self.server).service.reply(question)

    def _send(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if text.startswith("{") else "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: questions do not belong in a log."""


def run(service: Service, port: int) -> None:
    """Serve until the process is told to end; requests in flight are finished."""
    with Server(service, port) as server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever(poll_interval=0.05)


def main(arguments: list[str]) -> int:
    """Serve the documents of a folder."""
    if len(arguments) not in (1, 2):
        print("usage: python -m answers.serve FOLDER [PORT]", file=sys.stderr)
        return 2
    chosen = choose_model(os.environ)
    model = Quoter() if isinstance(chosen, StandIn) else chosen
    run(Service(Assistant(index(Path(arguments[0])), model).ask), int(arguments[1]) if arguments[1:] else 8080)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
