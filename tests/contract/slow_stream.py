"""Slow: how long a change takes from the row to the reader of its stream, over CHANGES changes of models that are really made.

    make measure-stream CHANGES=120         (needs the tests' cloud: the target starts one)

A change begins when its writer looks at the clock, just before it writes; it ends when the event is read at the site.
"""

import os
import statistics
import time
from datetime import datetime

from conftest import new_person
from people import Person
from test_stream import frames, stream

CHANGES = int(os.environ.get("CHANGES", "120"))
# What a new account has credits for.
MODELS_EACH = 10


def delays_ms(person: Person, photo: bytes) -> list[float]:
    """Of every change that one model's stream tells after its first event, which tells the state of before."""
    made = person.create(person.upload(photo))
    assert made.status_code == 202, made.text
    found, known = [], None
    with stream(person, made.json()["id"]) as answer:
        for frame in frames(answer):
            if frame.event is None:
                continue
            now, changed = time.time(), frame.data["updated_at"]
            if known not in (None, changed):
                found.append((now - datetime.fromisoformat(changed).timestamp()) * 1000)
            known = changed
    return found


def test_a_change_is_told_soon(where, coffee):
    found: list[float] = []
    streams = 0
    while len(found) < CHANGES:
        if streams % MODELS_EACH == 0:
            person = new_person(where)
        streams += 1
        found += delays_ms(person, coffee)
        assert streams <= CHANGES, "every stream tells at least one change"
    cuts = statistics.quantiles(found, n=100)
    print(f"\n{len(found)} changes on {streams} streams: p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, worst {max(found):.0f} ms")
    assert cuts[94] < 1000
