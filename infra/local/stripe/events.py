"""Events on their way: signed, repeated until they are taken, and as confused as a test wants them."""

import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.error
import urllib.request
import uuid

# Stripe repeats for days; here a refused event comes again after this long, in seconds.
PAUSE_S = 0.3
TRIES = 200


def sign(payload: bytes, secrets: list[str], at: int) -> str:
    """The header: one `v1` for each secret in force, and a `v0` that nobody must look at."""
    made = [hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={one}" for one in made), "v0=" + "0" * 64])


class Post:
    """Takes events, and brings them."""

    def __init__(self, address: str, secrets: list[str]) -> None:
        self.address, self.secrets = address, secrets
        self.waiting: queue.Queue = queue.Queue()
        self.thrice = False
        self.held: list[bytes] | None = None
        self.made: dict[str, dict] = {}
        self.lock = threading.Lock()

    def event(self, kind: str, thing: dict) -> None:
        event = {
            "id": f"evt_{uuid.uuid4().hex}", "object": "event", "api_version": "2026-09-30.endive", "created": int(time.time()),
            "livemode": False, "pending_webhooks": 1, "type": kind, "request": {"id": None},
            "data": {"object": {key: value for key, value in thing.items() if not key.startswith("_")}},
        }
        payload = json.dumps(event, ensure_ascii=False).encode()
        with self.lock:
            self.made[event["id"]] = json.loads(payload)
            if self.held is not None:
                self.held.append(payload)
            else:
                self._bring(payload)

    def hold(self, on: bool) -> None:
        """Keeps events back; when they are let go, the last comes first."""
        with self.lock:
            held, self.held = self.held or [], [] if on else None
            for payload in reversed(held):
                self._bring(payload)

    def _bring(self, payload: bytes) -> None:
        for _ in range(3 if self.thrice else 1):
            self.waiting.put((payload, 0))

    def work(self) -> None:
        while True:
            payload, tries = self.waiting.get()
            if not self._taken(payload) and tries < TRIES:
                again = threading.Timer(PAUSE_S, self.waiting.put, [(payload, tries + 1)])
                again.daemon = True
                again.start()

    def _taken(self, payload: bytes) -> bool:
        headers = {"Stripe-Signature": sign(payload, self.secrets, int(time.time())), "Content-Type": "application/json; charset=utf-8"}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.address, payload, headers), timeout=15) as answer:
                return answer.status == 200
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            print(f"an event was not taken and comes again: {error}", flush=True)
            return False
