"""The stand-in behind an OpenAI-compatible address: `python -m answers.local_server 8081`."""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from answers.model import StandIn


class Handler(BaseHTTPRequestHandler):
    """Answers `POST /v1/chat/completions` from the text that it is shown."""

    def do_POST(self) -> None:
        """Read one request and reply to it in the form that model servers share."""
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = StandIn().answer(request["messages"][-1]["content"])
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        body = json.dumps({"object": "chat.completion", "model": request["model"], "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: questions do not belong in a log."""


def server(port: int = 0) -> ThreadingHTTPServer:
    """Return a server on this computer alone; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    with server(int(sys.argv[1])) as running:
        running.serve_forever()
