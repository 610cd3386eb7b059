"""Between any two steps: the calls of a clean run are counted, and then the function dies at each of them in turn."""

import json
import os
import uuid
from pathlib import Path

from conftest import contract, dispatch, row
from invariants import check, check_logs
from proxy import DEATHS, ONCE, Rule

REPORT = Path(__file__).resolve().parents[2] / ".local" / "proof" / "faults.json"
KINDS = os.environ.get("KINDS", ",".join(DEATHS + ONCE)).split(",")


def every_point(proxy, what: str, begin, act, mend) -> None:
    """Plays every kind of fault at every call that `act` makes. `mend` does what the world would do next, and checks."""
    for _warm in range(2):  # the first run of a new process reads secrets too
        subject = begin()
        proxy.play()
        act(subject)
        calls = proxy.calls
        proxy.play()
        mend(subject)
    played = 0
    for at, call in enumerate(calls):
        for kind in KINDS:
            subject = begin()
            proxy.play(Rule(kind, at))
            act(subject)
            assert len(proxy.calls) > at, f"{what}: the run ended before call {at} of {calls}"
            proxy.play()
            try:
                mend(subject)
            except AssertionError as error:
                raise AssertionError(f"{what}: {kind} at call {at} ({call}) of {calls}: {error}") from error
            played += 1
    note(what, calls, played)


def note(what: str, calls: list[str], played: int) -> None:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    known[what] = {"calls": calls, "kinds": KINDS, "played": played, "survived": played}
    REPORT.write_text(json.dumps(known, indent=2) + "\n")
    print(f"\n{what}: {len(calls)} calls × {len(KINDS)} kinds = {played} faults survived: {' '.join(calls)}")


def test_an_order_that_dies_anywhere_is_sent_again(where, owner, proxy, person, coffee):
    def begin():
        return person.upload(coffee), uuid.uuid4().hex

    def act(wish):
        person.create(*wish)

    def mend(wish):
        made = person.create(*wish)
        assert made.status_code == 202, made.text
        assert [one["id"] for one in person.generations()] == [made.json()["id"]], "one wish, one model"
        check(owner, person.id)
        owner.set_due(row(owner, person, made.json()["id"]), 1)
        owner.run_upkeep()
        assert row(owner, person, made.json()["id"])["due"] > 1, "it waits in the queue again"
        assert person.delete(f"/api/generations/{made.json()['id']}").status_code == 204
        assert person.credits() == {"available": 10, "held": 0}
        check(owner, person.id)

    every_point(proxy, "create", begin, act, mend)
    check_logs(where["logs"])


def test_a_run_that_dies_anywhere_is_taken_over_and_charged_once(where, owner, proxy, coffee):
    def begin():
        person = contract.new_person(where)
        person.id = person.get("/api/me").json()["user_id"]
        made = person.create(person.upload(coffee), options={"faces": 1000})
        assert made.status_code == 202, made.text
        return person, made.json()["id"]

    def act(subject):
        dispatch(owner, *subject)

    def mend(subject):
        person, generation = subject
        for _ in range(3):
            found = row(owner, person, generation)
            if found["status"] == "SUCCEEDED":
                break
            owner.set_due(found, 1)
            owner.run_upkeep()
            dispatch(owner, person, generation)
        assert row(owner, person, generation)["status"] == "SUCCEEDED", row(owner, person, generation)
        assert person.credits() == {"available": 9, "held": 0}
        check(owner, person.id)
        assert contract.new_person(where).get(f"/api/generations/{generation}").status_code == 404

    every_point(proxy, "dispatch", begin, act, mend)
    check_logs(where["logs"])


def test_what_a_worker_stores_after_the_deletion_goes_with_its_message(where, owner, proxy, coffee):
    """Found by shared/domain/tests/interleavings: it stayed if the worker then died."""
    person = contract.new_person(where)
    person.id = person.get("/api/me").json()["user_id"]

    def made() -> str:
        return person.create(person.upload(coffee), options={"faces": 1000}).json()["id"]

    first = made()
    proxy.play()
    dispatch(owner, person, first)
    stores = [at for at, call in enumerate(proxy.calls) if call == "S3.PUT"]
    for at in stores:
        generation = made()

        def delete() -> None:
            proxy.play()
            assert person.delete(f"/api/generations/{generation}").status_code == 204
            proxy.play(Rule("dies_before", 0))

        proxy.play(Rule("dies_after", at, delete))
        dispatch(owner, person, generation)
        proxy.play()
        assert row(owner, person, generation)["status"] == "CANCELLED"
        assert [item for item in owner.objects("models", generation) if not item["deleted"]], "it was stored late"
        dispatch(owner, person, generation)
        check(owner, person.id)
    assert len(stores) == 4
