"""Lambda's runtime interface on this machine, for one process at a time."""

import queue
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_S = 60


class Interface(ThreadingHTTPServer):
    """Hands out the events that wait, and keeps the answers as they came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Invocations)
        self.events, self.answers = queue.Queue(), queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, _request, _address) -> None:
        """A process that is ended leaves its connection; what is wrong with a live one shows as no answer."""

    def answer(self, event: bytes) -> tuple[bytes, float]:
        """What the process answers, and the seconds from the event's leaving to the answer's coming."""
        self.events.put(event)
        return self.answers.get(timeout=PATIENCE_S)


class Invocations(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    left = 0.0

    def do_GET(self) -> None:
        try:
            event = self.server.events.get(timeout=PATIENCE_S)
        except queue.Empty:
            return self._say(410, b"")
        Invocations.left = time.perf_counter()
        self._say(200, event)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self._chunks()
        self.server.answers.put((body, time.perf_counter() - Invocations.left))
        self._say(202, b"")

    def _chunks(self) -> bytes:
        body = b""
        while length := int(self.rfile.readline(), 16):
            body += self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _say(self, status: int, body: bytes) -> None:
        head = (f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n"
                f"Lambda-Runtime-Aws-Request-Id: {uuid.uuid4()}\r\nLambda-Runtime-Deadline-Ms: {int(time.time() * 1000) + 28_000}\r\n"
                "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:here\r\n\r\n")
        self.wfile.write(head.encode() + body)

    def log_message(self, *_args) -> None:
        pass
