"""A thousand creations at once with a hundred keys: a hundred models, a hundred credits held, not one more."""

import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import requests
from conftest import new_person

PEOPLE, WISHES, COPIES, AT_ONCE = 10, 10, 10, 64


def test_a_thousand_creations_make_a_hundred_models(where, owner, coffee):
    owner.faults({"kind": "no_capacity", "times": 10_000})  # nothing ends meanwhile: every credit is still held
    people = [new_person(where) for _ in range(PEOPLE)]
    for person in people:
        person.http.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=AT_ONCE))
    for person in people:
        owner.set(owner.wallet(person.get("/api/me").json()["user_id"]), available=WISHES)
    wishes = [(person, person.upload(coffee), uuid.uuid4().hex) for person in people for _ in range(WISHES)]
    calls = [wish for _ in range(COPIES) for wish in wishes]

    def create(wish) -> tuple[str, int, str]:
        person, upload, key = wish
        while True:
            answer = person.create(upload, key)
            if answer.status_code != 503:
                return key, answer.status_code, answer.json().get("id", "")
            retried.append(key)

    retried: list[str] = []
    begun = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(create, calls))
    took = time.monotonic() - begun
    print(f"\n{len(calls)} calls, {AT_ONCE} at a time: {took:.0f} s, {len(retried)} told to come again;",
          f"answers {dict(Counter(status for _, status, _ in answers))};",
          f"models {len({made for _, _, made in answers})}; held {sum(person.credits()['held'] for person in people)}")
    assert {status for _, status, _ in answers} == {202}
    assert len({(key, made) for key, _, made in answers}) == len(wishes), "each key has one model, whichever call made it"
    for person in people:
        assert person.credits() == {"available": 0, "held": WISHES}
        assert len(person.get("/api/generations?limit=100").json()["items"]) == WISHES
        ids = [one["id"] for one in person.get("/api/generations?limit=100").json()["items"]]
        assert person.post("/api/generations/deletions", {"ids": ids}).json()["missing"] == []
        assert person.credits() == {"available": WISHES, "held": 0}
    owner.calm()
