"""A host on this machine that the service may call: gives pictures, and whatever else a test makes it give."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Receiver(http.server.ThreadingHTTPServer):
    """Answers every request by one function of path and body; remembers what it was asked for."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: str, answer: Callable) -> None:
        host, port = address.split(":")
        super().__init__((host, int(port)), Handler)
        self.answer, self.asked = answer, []

    def url(self, path: str) -> str:
        return f"http://{self.server_address[0]}:{self.server_address[1]}{path}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, body = self.server.answer(self.path)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def receiving(address: str, answer: Callable) -> Iterator[Receiver]:
    """A receiver for as long as the block lasts."""
    with Receiver(address, answer) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
