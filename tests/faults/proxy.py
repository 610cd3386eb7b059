"""Stands between the functions and the local cloud: counts their calls, and makes one of them go wrong.

A rule names a call by its number since `play`. Two kinds are deaths: nothing that the function does after that point takes
effect, as if it had been killed there. The others happen once, and the function lives on.
"""

import http.client
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DEATHS = ("dies_before", "dies_after")
ONCE = ("throttled", "broken", "lost_before", "lost_after")
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Rule:
    """What happens at call number `at` (from 0)."""

    kind: str
    at: int
    during: Callable[[], None] | None = None  # what happens in the world while this call is under way


class Proxy:
    """One proxy; it lets everything through until it is told a rule."""

    def __init__(self, port: int, cloud: str) -> None:
        self._cloud = cloud.removeprefix("http://")
        self._lock = threading.Lock()
        self._rule: Rule | None = None
        self.calls: list[str] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                proxy._pass(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

            def log_message(self, *_arguments) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def play(self, rule: Rule | None = None) -> None:
        """Forgets the calls so far and plays a rule from here on."""
        with self._lock:
            self._rule, self.calls = rule, []

    def stop(self) -> None:
        self._server.shutdown()

    def _pass(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self._lock:
            number, rule = len(self.calls), self._rule
            self.calls.append(name_of(handler))
        kind = happens(rule, number)
        if kind in ("throttled", "broken"):
            refuse(handler, kind)
            return
        if kind == "cut":
            cut(handler)
            return
        if rule and rule.during and number == rule.at:
            rule.during()
        answer, said = self._ask(handler, body)
        if kind == "cut_after":
            cut(handler)
            return
        handler.send_response_only(answer.status)
        for header, value in answer.getheaders():
            if header.lower() not in HOP:
                handler.send_header(header, value)
        length = answer.getheader("Content-Length") if handler.command == "HEAD" else len(said)
        handler.send_header("Content-Length", str(length or 0))
        handler.end_headers()
        handler.wfile.write(said)

    def _ask(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        cloud = http.client.HTTPConnection(self._cloud, timeout=60)
        cloud.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for header, value in handler.headers.items():
            if header.lower() not in ("connection", "expect"):
                cloud.putheader(header, value)
        cloud.endheaders(body)
        answer = cloud.getresponse()
        said = answer.read()
        cloud.close()
        return answer, said


def happens(rule: Rule | None, number: int) -> str:
    """What happens to this call."""
    if rule is None or number < rule.at:
        return "passes"
    if number > rule.at:
        return "cut" if rule.kind in DEATHS else "passes"
    return {"dies_before": "cut", "dies_after": "cut_after", "lost_before": "cut", "lost_after": "cut_after"}.get(rule.kind, rule.kind)


def name_of(handler: BaseHTTPRequestHandler) -> str:
    """The operation: `DynamoDB.GetItem`, or `S3.PUT`."""
    target = handler.headers.get("X-Amz-Target")
    if target:
        service, _, operation = target.partition(".")
        return f"{service.split('_')[0]}.{operation}"
    return f"S3.{handler.command}"


def refuse(handler: BaseHTTPRequestHandler, kind: str) -> None:
    """Answers as the service does when it is asked too much, or broken."""
    if handler.headers.get("X-Amz-Target"):
        code, status = ("ThrottlingException", 400) if kind == "throttled" else ("InternalServerError", 500)
        said, media = json.dumps({"__type": code, "message": "played"}).encode(), "application/x-amz-json-1.0"
    else:
        code, status = ("SlowDown", 503) if kind == "throttled" else ("InternalError", 500)
        said, media = f"<Error><Code>{code}</Code><Message>played</Message></Error>".encode(), "application/xml"
    handler.send_response_only(status)
    handler.send_header("Content-Type", media)
    handler.send_header("Content-Length", str(len(said)))
    handler.end_headers()
    handler.wfile.write(said if handler.command != "HEAD" else b"")


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
