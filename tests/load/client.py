"""Orders at moments that were fixed before: whoever is slow to answer does not slow the orders down (an open loop)."""

import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import requests

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "tests" / "contract"), str(REPOSITORY / "infra" / "local")]

from people import Person  # noqa: E402  (the tests' own modules, found by the line above)

POLLS, EVERY_S = 20, 1.0
PATIENCE_S = 900  # whatever has not ended by then is called lost


@dataclass
class Order:
    """One model that somebody asked for, with what was seen of it."""

    late_s: float = 0.0  # behind the moment at which it was due: our own fault
    answers: list[tuple[str, float]] = field(default_factory=list)  # which call, seconds
    errors: list[str] = field(default_factory=list)
    id: str | None = None
    begun_s: float | None = None
    status: str = "LOST"
    wait_s: float | None = None
    total_s: float | None = None


def instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


class Crowd:
    """People who order; each order is a thread of its own, for it mostly waits."""

    def __init__(self, people: list[Person], photo: bytes) -> None:
        self.people, self.photo = people, photo
        for person in people:
            person.http.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=64))

    def send(self, moments: list[float]) -> list[Order]:
        """Sends an order at each of these seconds from now, and comes back when all have ended."""
        begun = time.time()
        orders = [Order() for _ in moments]
        threads = []
        for number, (order, moment) in enumerate(zip(orders, moments)):
            time.sleep(max(0.0, begun + moment - time.time()))
            order.late_s = time.time() - begun - moment
            thread = threading.Thread(target=self._one, args=(self.people[number % len(self.people)], order), daemon=True)
            thread.start()
            threads.append(thread)
        for thread in threads:
            thread.join()
        return orders

    def _one(self, person: Person, order: Order) -> None:
        try:
            self._follow(person, order)
        except (requests.RequestException, KeyError, ValueError) as error:
            order.errors.append(f"{type(error).__name__}: {error}")

    def _call(self, order: Order, what: str, good: int, call) -> requests.Response:
        begun = time.perf_counter()
        answer = call()
        order.answers.append((what, time.perf_counter() - begun))
        if answer.status_code != good:
            order.errors.append(f"{what} answered {answer.status_code}: {answer.text[:200]}")
        return answer

    def _follow(self, person: Person, order: Order) -> None:
        form = self._call(order, "upload", 201, lambda: person.announce(self.photo, "image/png")).json()
        self._call(order, "photo", 204, lambda: person.send(form, self.photo))
        key = uuid.uuid4().hex
        made = self._call(order, "create", 202, lambda: person.create(form["upload_id"], key)).json()
        order.id, order.begun_s = made["id"], time.time()
        polls = 0
        while polls < POLLS or (order.status == "LOST" and time.time() - order.begun_s < PATIENCE_S):
            polls += 1
            time.sleep(max(0.0, order.begun_s + polls * EVERY_S - time.time()))
            self._read(order, self._call(order, "poll", 200, lambda: person.get(f"/api/generations/{order.id}")).json())

    def _read(self, order: Order, seen: dict) -> None:
        created, updated = instant(seen["created_at"]), instant(seen["updated_at"])
        if seen["status"] != "QUEUED" and order.wait_s is None and seen["status"] == "RUNNING":
            order.wait_s = updated - created
        if seen["status"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
            order.status, order.total_s = seen["status"], updated - created
