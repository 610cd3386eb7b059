"""Faults that stay: whoever waits is told so in time, nothing is half done, and one that comes back goes on."""

import time
import uuid

import pytest
from conftest import new_person
from invariants import check
from proxy import Rule

# A function that somebody waits for has 15 s.
FUNCTION_S = 15


@pytest.mark.parametrize("kind", ["throttled", "broken", "lost_before", "slow"])
@pytest.mark.parametrize("call", ["DynamoDB.GetItem", "DynamoDB.TransactWriteItems"])
def test_a_table_that_stays_away_is_said_to_be_busy_in_time(world, owner, proxy, kind, call):
    person = new_person(world.where)
    proxy.play()
    assert person.create(person.upload(world.photo)).status_code == 202
    upload = person.upload(world.photo)
    proxy.play()
    first = person.create(person.upload(world.photo))
    assert first.status_code == 202
    ordered = proxy.calls[proxy.calls.index("S3.POST") + 1:]
    proxy.play(Rule(kind, ordered.index(call), stays=True))
    begun, key = time.monotonic(), uuid.uuid4().hex
    said = person.create(upload, key)
    assert (said.status_code, said.json()["type"]) == (503, "/problems/busy"), said.text
    assert int(said.headers["Retry-After"]) >= 1 and time.monotonic() - begun < FUNCTION_S
    proxy.play()
    made = [person.create(upload, key) for _ in range(2)]
    assert [one.status_code for one in made] == [202, 202] and made[0].json()["id"] == made[1].json()["id"]
    assert person.credits() == {"available": 7, "held": 3}
    check(owner, person.id)
