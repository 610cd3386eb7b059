"""Hosts on this machine that the service may call: one receives webhooks and checks signatures with the standard's own library, one
gives pictures, or whatever else a test makes it give."""

import http.server
import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from standardwebhooks import Webhook

# A delivery takes a moment; a test that waits longer has found a fault.
PATIENCE_S = 60


@dataclass(frozen=True)
class Heard:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int | None = None
    """What it was answered; nothing if the line was cut."""

    @property
    def event(self) -> str:
        return self.headers["webhook-id"]

    def checked(self, secret: str) -> dict:
        """The event, if it is signed with this secret; else an exception of the library."""
        return Webhook(secret).verify(self.body, self.headers)


class Host:
    """A real server, at the one address that functions may reach by plain http. Used as a context."""

    def __init__(self, where: dict, handler: type[http.server.BaseHTTPRequestHandler]) -> None:
        host, port = where["receiver"].split(":")
        self._server = http.server.ThreadingHTTPServer((host, int(port)), handler)

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_gone) -> None:
        self._server.shutdown()
        self._server.server_close()


class Silent(http.server.BaseHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, *_line) -> None:
        pass


class Pictures(Host):
    """Answers each path as a test says: a status, headers, a body; remembers what it was asked for."""

    def __init__(self, where: dict, answer: Callable[[str], tuple[int, dict[str, str], bytes]]) -> None:
        self.origin, self.answer, self.asked = f"http://{where['receiver']}", answer, []
        super().__init__(where, self._handler())

    def url(self, path: str) -> str:
        return self.origin + path

    def _handler(pictures):  # noqa: N805  (`self` is the request's)
        class Handler(Silent):
            def do_GET(self) -> None:
                pictures.asked.append(self.path)
                status, headers, body = pictures.answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        return Handler


class Receiver(Host):
    """Answers as a test says: a status, or `None` to cut the line after hearing everything."""

    def __init__(self, where: dict, answer: Callable[[Heard], int | None] = lambda heard: 204) -> None:
        # Its own: tries that another test has left behind come to the same port.
        self.path = f"/{uuid.uuid4().hex}"
        self.url = f"http://{where['receiver']}{self.path}"
        self.heard: list[Heard] = []
        self.answer = answer
        self._news = threading.Condition()
        super().__init__(where, self._handler())

    def wait(self, enough: Callable[[list[Heard]], bool]) -> list[Heard]:
        """What was heard, as soon as it is enough."""
        with self._news:
            assert self._news.wait_for(lambda: enough(self.heard), PATIENCE_S), f"heard only {self.heard}"
            return list(self.heard)

    def _handler(receiver):  # noqa: N805  (`self` is the request's)
        class Handler(Silent):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                ours = heard.path.startswith(receiver.path)
                status = receiver.answer(heard) if ours else 410
                if status is None:
                    self.close_connection = True
                else:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                with receiver._news:
                    receiver.heard += [replace(heard, status=status)] if ours else []
                    receiver._news.notify_all()

        return Handler


def message(row: dict) -> dict:
    """The queue's message for a delivery, as its row names it."""
    body = {"v": 1, "user_id": row["user"], "webhook_id": row["webhook"], "event_id": row["event"]}
    return {"messageId": row["event"], "receiptHandle": "a-receipt", "body": json.dumps(body)}
