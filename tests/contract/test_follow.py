"""Following a generation: where it stands, how long it will take, and waiting for news."""

import time

import pytest
from test_generations import asleep


def fleet(owner) -> dict:
    rows = owner.rows("FLEET")
    return rows[0] if rows else {"version": 0, "asleep_since": None}


def test_who_waits_for_a_sleeping_fleet_is_told_so(person, owner, coffee):
    made = asleep(person, owner, coffee)
    assert made["progress"] == 0 and made["queue_position"] >= 1
    assert made["eta_seconds"] > 60, "waking is counted"
    assert fleet(owner)["asleep_since"] is not None
    assert person.get("/api/generations").json()["items"][0]["queue_position"] == made["queue_position"]
    assert person.delete(f"/api/generations/{made['id']}").status_code == 204


def test_who_comes_later_stands_behind(person, stranger, owner, coffee):
    first, second = asleep(person, owner, coffee), asleep(stranger, owner, coffee)
    assert second["queue_position"] > first["queue_position"] >= 1
    for who, made in ((person, first), (stranger, second)):
        assert who.delete(f"/api/generations/{made['id']}").status_code == 204


def test_every_model_says_how_long_models_take(person, owner, coffee):
    before = fleet(owner)
    first = person.create(person.upload(coffee))
    assert first.json()["eta_seconds"] >= 1
    ended = person.follow(first.json()["id"])
    assert (ended["progress"], ended["queue_position"], ended["eta_seconds"]) == (100, None, None)
    after = fleet(owner)
    assert after["version"] > before["version"] and after["asleep_since"] is None
    assert 0 < after["run_ms"] < 60_000


def test_a_question_waits_for_news(person, owner, coffee):
    owner.faults({"kind": "slow", "times": 1, "delay_ms": 1500})
    seen = person.create(person.upload(coffee)).json()
    stages = [seen["stage"]]
    while seen["status"] in {"QUEUED", "RUNNING"}:
        seen = person.get(f"/api/generations/{seen['id']}?wait=20").json()
        stages.append(seen["stage"])
    assert seen["status"] == "SUCCEEDED"
    # Each answer was news, and the news came in the order of the work.
    assert stages == [stage for stage in ("waiting", "reconstructing", "saving", "done") if stage in stages]


def test_a_known_answer_is_waited_out_and_costs_no_body(person, owner, coffee):
    made = asleep(person, owner, coffee)
    path = f"/api/generations/{made['id']}"
    tag = person.get(path).headers["ETag"]
    began = time.monotonic()
    answer = person.get(f"{path}?wait=1", **{"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert 0.4 < time.monotonic() - began < 20
    assert person.delete(path).status_code == 204


@pytest.mark.parametrize("wait", ["-1", "21", "1.5", "x", ""])
def test_a_wait_is_bounded(person, wait):
    answer = person.get(f"/api/generations/gen_01ARZ3NDEKTSV4RRFFQ69G5FAV?wait={wait}")
    assert answer.status_code == 422 and answer.json()["errors"][0]["pointer"] == "/wait"
