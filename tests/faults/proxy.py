"""Stands between the functions and everything that they call: counts their calls, and makes one of them go wrong.

Behind it are the local cloud, the inference endpoint and the stand-in for Stripe: a call's path says for whom it is. A rule names
a call by its number since `play`. Two kinds are deaths: the process that made the call is killed (SIGKILL), before the call takes
effect or right after it. The others happen once, and the function lives on.
"""

import http.client
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from system import kill, owner_of

DEATHS = ("dies_before", "dies_after")
ONCE = ("throttled", "broken", "lost_before", "lost_after", "slow")
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
READS = ("Get", "Query", "BatchGet", "Scan", "Receive", "GET", "HEAD")
# The most that anybody waits for an answer, in seconds: the endpoint is given 75.
PATIENCE_S = 100


@dataclass
class Rule:
    """What happens at call number `at` (from 0)."""

    kind: str
    at: int
    during: Callable[[], None] | None = None  # what happens in the world while this call is under way
    stays: bool = False  # it happens to every call from there on


class Proxy:
    """One proxy; it lets everything through until it is told a rule."""

    def __init__(self, port: int, where: dict) -> None:
        self._where = where
        self._change = threading.Condition()
        self._rule: Rule | None = None
        self._late = 0  # slow calls that have not taken effect
        self._answered = 0
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
        """Forgets the calls so far and plays a rule from here on, once the one before has taken its effect."""
        with self._change:
            self._rule, self.calls, self._answered = rule, [], 0
            self._change.notify_all()
            assert self._change.wait_for(lambda: self._late == 0, PATIENCE_S), "a slow call never took effect"

    def stop(self) -> None:
        self._server.shutdown()

    def _pass(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        with self._change:
            number, rule, name = len(self.calls), self._rule, name_of(handler)
            self.calls.append(name)
        try:
            self._play(handler, body, name, rule, number)
        except ConnectionError:  # whoever asked was killed, or has given up
            handler.close_connection = True
        finally:
            with self._change:
                self._answered += 1
                self._change.notify_all()

    def _play(self, handler: BaseHTTPRequestHandler, body: bytes, name: str, rule: Rule | None, number: int) -> None:
        kind = happens(rule, number)
        if kind in ("throttled", "broken"):
            refuse(handler, name, kind)
        elif kind == "dies_before":
            kill(owner_of(handler.client_address[1]))
            cut(handler)
        elif kind == "lost_before":
            cut(handler)
        elif kind == "slow":
            self._answer_late(handler, body, name, rule)
        else:
            if rule and rule.during and number == rule.at:
                rule.during()
            answer, said = self._ask(handler, body)
            if kind == "dies_after":
                kill(owner_of(handler.client_address[1]))
            if kind in ("dies_after", "lost_after"):
                cut(handler)
            else:
                give(handler, answer, said)

    def _answer_late(self, handler: BaseHTTPRequestHandler, body: bytes, name: str, rule: Rule) -> None:
        """Later than anybody waits. What changes something does so last of all: after the next call was answered, or at the end."""
        with self._change:
            self._late += 1
        try:
            hangs_up(handler)
            if not name.partition(".")[2].startswith(READS):
                with self._change:
                    before = self._answered
                    self._change.wait_for(lambda: self._answered > before or self._rule is not rule, PATIENCE_S)
                self._ask(handler, body)
        finally:
            with self._change:
                self._late -= 1
                self._change.notify_all()
            handler.close_connection = True

    def _ask(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        service = http.client.HTTPConnection(self._where[behind(handler)].removeprefix("http://"), timeout=PATIENCE_S)
        service.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for header, value in handler.headers.items():
            if header.lower() not in ("connection", "expect"):
                service.putheader(header, value)
        service.endheaders(body)
        answer = service.getresponse()
        try:
            said = answer.read()
        except http.client.IncompleteRead as broken:
            said = broken.partial
        service.close()
        return answer, said


def happens(rule: Rule | None, number: int) -> str:
    """What happens to this call."""
    meets = rule and (number == rule.at or rule.stays and number > rule.at)
    return rule.kind if meets else "passes"


def behind(handler: BaseHTTPRequestHandler) -> str:
    """For whom a call is, by the name in the file that says where everything is."""
    if handler.path.startswith("/v1/"):
        return "stripe"
    return "endpoint" if handler.path.startswith("/endpoints/") else "cloud"


def name_of(handler: BaseHTTPRequestHandler) -> str:
    """The operation: `DynamoDB.GetItem`, `S3.PUT`, `Stripe.POST`."""
    target = handler.headers.get("X-Amz-Target")
    if target:
        service, _, operation = target.partition(".")
        return f"{service.split('_')[0]}.{operation}"
    service = {"stripe": "Stripe", "endpoint": "SageMaker"}.get(behind(handler), "SES" if handler.path.startswith("/v2/email") else "S3")
    return f"{service}.{handler.command}"


def refuse(handler: BaseHTTPRequestHandler, name: str, kind: str) -> None:
    """Answers as the service does when it is asked too much, or broken."""
    service, throttled, media = name.partition(".")[0], kind == "throttled", "application/json"
    if service == "S3":
        code, status = ("SlowDown", 503) if throttled else ("InternalError", 500)
        said, media = f"<Error><Code>{code}</Code><Message>played</Message></Error>".encode(), "application/xml"
    elif service == "Stripe":
        status = 429 if throttled else 500
        said = json.dumps({"error": {"type": "api_error", "code": "rate_limit" if throttled else None, "message": "played"}}).encode()
    elif service in ("SageMaker", "SES"):
        code, status = ("ThrottlingException", 429) if throttled else ("InternalFailure", 500)
        said = json.dumps({"__type": code, "message": "played"}).encode()
        handler.headers_to_add = [("x-amzn-errortype", code)]
    else:
        code, status = ("ThrottlingException", 400) if throttled else ("InternalServerError", 500)
        said, media = json.dumps({"__type": code, "message": "played"}).encode(), "application/x-amz-json-1.0"
    handler.send_response_only(status)
    for header, value in [("Content-Type", media), ("Content-Length", str(len(said))), *getattr(handler, "headers_to_add", [])]:
        handler.send_header(header, value)
    handler.end_headers()
    handler.wfile.write(said if handler.command != "HEAD" else b"")


def give(handler: BaseHTTPRequestHandler, answer: http.client.HTTPResponse, said: bytes) -> None:
    """Hands an answer on as it came: one that broke off breaks off."""
    handler.send_response_only(answer.status)
    for header, value in answer.getheaders():
        if header.lower() not in HOP:
            handler.send_header(header, value)
    length = int(answer.getheader("Content-Length") or len(said))
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(said)
    if handler.command != "HEAD" and len(said) < length:
        cut(handler)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Waits until whoever asked gives the call up."""
    handler.connection.settimeout(PATIENCE_S)
    try:
        while handler.connection.recv(4096):
            pass
    except ConnectionError:
        pass


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    try:
        handler.connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # it was killed, and has hung up
        pass
