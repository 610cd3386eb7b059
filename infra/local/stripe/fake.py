"""Stands for Stripe where no money moves: the calls that we make, pages to click through, signed events with retries.

    STRIPE_PORT=8305 STRIPE_KEY=sk_test_… STRIPE_SECRETS='["whsec_…"]' STRIPE_WEBHOOK=http://…/api/stripe/webhook python fake.py

Ours, and only what our client and our webhook use; ids begin with `cs_test_` and the like. Listens on 127.0.0.1 only.
Tests order what a real day brings: see CONTROLS.
"""

import html
import json
import os
import re
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from books import Books, Fault, public
from events import Post

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>{title}</title><style>body{{font:1rem/1.5 system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}}
.fake{{background:#7a2e00;color:#fff;padding:.5rem 1rem;border-radius:.5rem}}button{{font:inherit;width:100%;padding:.7rem;margin:.3rem 0}}</style>
<p class="fake">FAKE STRIPE, no money moves</p><main><h1>{title}</h1>{body}</main></html>"""

# PUT /_fake/<name> with JSON.
CONTROLS = """offline {"on": true}: no call is answered · lose_next {}: the next call is done but not answered ·
twice {"on": true}: each event is sent three times, in another order · hold {"on": true}: events wait until it is off ·
refund {"checkout", "minor"} · dispute {"checkout", "state": "warning_needs_response" | "needs_response" | "won" | "lost"} ·
arrive {"checkout", "good": true}: a delayed payment comes, or does not · renew {"checkout"}: another month of a subscription · delete_customer {"checkout"}"""


class Stripe(BaseHTTPRequestHandler):
    """One call."""

    protocol_version = "HTTP/1.1"
    books: Books
    key: str

    def do_POST(self) -> None:
        self._answered(lambda: self._post(self._form()))

    def do_GET(self) -> None:
        self._answered(self._get)

    def do_DELETE(self) -> None:
        self._answered(self._delete)

    def do_PUT(self) -> None:
        self._answered(lambda: self._json(200, self.books.control(self.path.removeprefix("/_fake/"), json.loads(self._body() or b"{}"))))

    def _answered(self, answer) -> None:
        try:
            answer()
        except Fault as fault:
            self._json(fault.status, {"error": {"type": fault.kind, "code": fault.code, "message": str(fault)}})
        except ConnectionError:
            self.close_connection = True

    def _post(self, form: dict) -> None:
        if self.path.startswith("/v1/"):
            self._signed_in()
            made = self.books.call(self.path, form, self.headers.get("Idempotency-Key"))
            if self.books.loses_next():
                raise ConnectionError
            return self._json(200, made)
        if match := re.fullmatch(r"/c/pay/(cs_test_\w+)", self.path):
            return self._go(self.books.pay(match[1], form["how"]))
        if match := re.fullmatch(r"/p/session/(cus_\w+)", self.path):
            return self._go(self.books.cancel_subscription(match[1]))
        raise Fault(404, f"there is no {self.path} here")

    def _delete(self) -> None:
        self._signed_in()
        match = re.fullmatch(r"/v1/customers/(cus_\w+)", self.path)
        if not match:
            raise Fault(404, f"there is no {self.path} here")
        self._json(200, self.books.delete_customer(match[1]))

    def _get(self) -> None:
        if self.path == "/healthz":
            return self._json(200, {"status": "up"})
        path, _, query = self.path.partition("?")
        if path in ("/v1/charges", "/v1/checkout/sessions", "/v1/subscriptions"):
            self._signed_in()
            return self._json(200, self.books.listed(path, dict(urllib.parse.parse_qsl(query))))
        if match := re.fullmatch(r"/v1/events(?:/(evt_\w+))?", self.path):
            self._signed_in()
            return self._json(200, self.books.told(match[1]))
        if match := re.fullmatch(r"/c/pay/(cs_test_\w+)", self.path):
            session = self.books.session(match[1])
            if session["status"] == "expired":
                return self._page("Pay", '<p role="alert">This page has expired.</p>')
            line = session["_line"]
            buttons = [("card", "Pay"), ("delayed", "Pay by bank transfer (comes later)"), ("declined", "Pay with a card that is declined"), ("cancel", "Back, without paying")]
            said = '<p role="alert">Your card was declined. Nothing was paid.</p>' if session.get("_declined") else ""
            body = f"<p>{html.escape(line['name'])}: {line['amount']} {html.escape(line['currency'])} (smallest unit)</p>{said}"
            body += "".join(f'<form method="post"><input type="hidden" name="how" value="{how}"><button>{text}</button></form>' for how, text in buttons)
            return self._page("Pay", body)
        if match := re.fullmatch(r"/p/session/(cus_\w+)", self.path):
            body = '<form method="post"><button>Cancel subscription</button></form>' if self.books.subscription_of(match[1]) else "<p>No subscription.</p>"
            return self._page("Your plan", body + f'<p><a href="{html.escape(self.books.portals[match[1]])}">Back to the site</a></p>')
        raise Fault(404, f"there is no {self.path} here")

    def _signed_in(self) -> None:
        if self.headers.get("Authorization") not in (f"Bearer {self.key}",):
            raise Fault(401, "Invalid API Key provided")
        if self.books.offline:
            raise ConnectionError

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _form(self) -> dict:
        return dict(urllib.parse.parse_qsl(self._body().decode(), keep_blank_values=True))

    def _json(self, status: int, value) -> None:
        self._send(status, "application/json", json.dumps(public(value)).encode())

    def _page(self, title: str, body: str) -> None:
        self._send(200, "text/html; charset=utf-8", PAGE.format(title=title, body=body).encode())

    def _go(self, address: str) -> None:
        self._send(303, "text/plain", b"", [("Location", address)])

    def _send(self, status: int, media_type: str, body: bytes, headers: list = ()) -> None:
        self.send_response(status)
        for name, value in [("Content-Type", media_type), ("Content-Length", str(len(body))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form: str, *args) -> None:
        print(form % args, flush=True)


def main() -> None:
    port = int(os.environ["STRIPE_PORT"])
    post = Post(os.environ["STRIPE_WEBHOOK"], json.loads(os.environ["STRIPE_SECRETS"]))
    Stripe.key = os.environ["STRIPE_KEY"]
    if not Stripe.key.startswith("sk_test_"):
        sys.exit("STRIPE_KEY must begin with sk_test_: no money moves here")
    Stripe.books = Books(f"http://localhost:{port}", post)
    threading.Thread(target=post.work, daemon=True).start()
    print(f"listening on 127.0.0.1:{port} since {time.time():.0f}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Stripe).serve_forever()


if __name__ == "__main__":
    main()
