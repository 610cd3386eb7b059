"""People: the first step, names, choices, sessions, what happened, limits."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from conftest import new_person
from people import Person
from places import FUNCTIONS
from test_doors import ROUTES, call

REPOSITORY = Path(__file__).resolve().parents[2]
CHANGES = [(method, path) for method, path, operation in ROUTES if method != "GET" and "Stripe-Signature" not in str(operation)]

# A route of each function that knows people by their session; the others are reached by no visitor, or by Stripe alone.
BEHIND = {"dispatch", "upkeep", "privacy", "webhooks", "stripe-webhook"}
MET_BY = {
    "auth": ("GET", "/api/auth/sessions"), "account": ("GET", "/api/me"), "uploads": ("POST", "/api/uploads"), "generations": ("GET", "/api/generations"),
    "billing": ("GET", "/api/billing"), "stream": ("GET", "/api/generations/{id}/events"),
}


@pytest.fixture
def newcomer(where):
    """Signed in, and nothing more."""
    person = Person(where["site"])
    person.only_sign_in(f"{uuid.uuid4().hex}@example.com")
    return person


def user_of(person) -> str:
    return person.get("/api/me").json()["user_id"]


def row_of(owner, person, kind: str) -> dict:
    return next(row for row in owner.rows(user_of(person)) if row["sk"].startswith(kind))


def kind_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


def test_nothing_works_before_the_first_step(newcomer, coffee):
    refused = (403, "/problems/first-step-missing")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    assert kind_of(newcomer.announce(coffee, "image/png")) == refused
    assert kind_of(newcomer.create("upl_01ARZ3NDEKTSV4RRFFQ69G5FAV")) == refused
    assert kind_of(newcomer.post("/api/billing/checkout", {"product": "starter", "currency": "eur"}, **key)) == refused
    assert kind_of(newcomer.welcome(terms="2020-01-01")) == (409, "/problems/texts-changed")
    assert newcomer.welcome(extra=1).json()["errors"][0]["pointer"] == "/extra"
    assert newcomer.get("/api/me").json()["welcome"] == "needed"
    assert newcomer.welcome().json()["welcome"] == "done"
    assert newcomer.announce(coffee, "image/png").status_code == 201
    on_record = {consent["purpose"]: consent["granted"] for consent in newcomer.get("/api/me/privacy").json()["consents"]}
    assert on_record == {"age": True, "terms": True, "privacy": True}


def test_whoever_is_too_young_leaves_and_nothing_stays(newcomer, owner):
    user = user_of(newcomer)
    assert kind_of(newcomer.welcome(old_enough=False)) == (403, "/problems/under-age")
    assert newcomer.get("/api/me").status_code == 401
    owner.erase(user)
    assert not owner.rows(user)


def test_a_name_is_corrected_and_stays_corrected(where, person):
    told = person.get("/api/me").json()
    assert person.change("PATCH", "/api/me", {"name": "  Zoë Example "}).json()["name"] == "Zoë Example"
    person.sign_in(told["email"])
    assert person.get("/api/me").json()["name"] == "Zoë Example"
    for name in ("", "   ", "a\u0007b", "x" * 101):
        refused = person.change("PATCH", "/api/me", {"name": name})
        assert kind_of(refused) == (422, "/problems/invalid") and refused.json()["errors"][0]["pointer"] == "/name"
    assert person.change("PATCH", "/api/me", {"name": None}).json()["name"] == told["name"]


def test_choices_are_off_until_chosen_and_each_change_is_on_record(person, owner):
    usage = lambda: [row for row in owner.rows(user_of(person)) if row["sk"].startswith("USE#")]  # noqa: E731
    before = person.get("/api/me/privacy").json()
    assert before["choices"] == {"product_mails": False, "usage_analysis": False, "model_mails": False}
    assert person.post("/api/me/usage", {"page": "home"}).status_code == 204 and usage() == []
    chosen = {**before["choices"], "usage_analysis": True}
    assert person.change("PUT", "/api/me/privacy", chosen).json()["choices"] == chosen
    assert person.get("/api/me").json()["usage_analysis"] is True
    # The browser objects: whatever was chosen, nothing is written.
    objecting = {"Sec-GPC": "1"}
    assert person.get("/api/me", **objecting).json()["usage_analysis"] is False
    assert person.get("/api/me/privacy", **objecting).json()["global_privacy_control"] is True
    assert person.post("/api/me/usage", {"page": "home"}, **objecting).status_code == 204 and usage() == []
    assert person.post("/api/me/usage", {"page": "home"}).status_code == 204 and len(usage()) == 1
    assert kind_of(person.post("/api/me/usage", {"page": "elsewhere"})) == (422, "/problems/invalid")
    assert requests.get(f"{person.site}/.well-known/gpc.json", timeout=5).json()["gpc"] is True
    # Withdrawn: from the next moment on.
    person.change("PUT", "/api/me/privacy", before["choices"])
    assert person.post("/api/me/usage", {"page": "home"}).status_code == 204 and len(usage()) == 1
    history = [consent["granted"] for consent in person.get("/api/me/privacy").json()["consents"] if consent["purpose"] == "usage_analysis"]
    assert history == [False, True]


def test_sessions_are_seen_and_ended(where, person):
    email = person.get("/api/me").json()["email"]
    other = Person(where["site"])
    other.http.headers["User-Agent"] = "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"
    other.sign_in(email)
    sessions = person.get("/api/auth/sessions").json()["items"]
    theirs = next(session for session in sessions if not session["current"])
    assert len(sessions) == 2
    assert (theirs["browser"], theirs["system"], theirs["address"]) == ("Firefox", "Android", other.address)
    assert person.delete(f"/api/auth/sessions/{theirs['id']}").status_code == 204
    assert other.get("/api/me").status_code == 401
    assert person.delete(f"/api/auth/sessions/{theirs['id']}").status_code == 404
    other.sign_in(email)
    assert person.post("/api/auth/logout-all").status_code == 204
    assert (person.get("/api/me").status_code, other.get("/api/me").status_code) == (401, 401)
    person.sign_in(email)
    deeds = [line["deed"] for line in person.get("/api/me/activity").json()["items"]]
    assert deeds == ["signed_in", "all_sessions_ended", "signed_in", "session_ended", "signed_in", "choices_changed", "signed_in"]


def test_another_persons_session_is_not_there(person, stranger):
    theirs = stranger.get("/api/auth/sessions").json()["items"][0]["id"]
    assert person.delete(f"/api/auth/sessions/{theirs}").status_code == 404
    assert stranger.get("/api/me").status_code == 200


def test_a_session_that_is_not_used_ends(person, owner):
    owner.set(row_of(owner, person, "SES#"), used=1)
    assert person.get("/api/me").status_code == 401


def test_a_token_is_replaced_and_a_copied_old_one_ends_the_session(where, person, owner):
    old = person.http.cookies["__Host-session"]
    assert person.post("/api/auth/renew").status_code == 204 and person.http.cookies["__Host-session"] == old, "too early"
    owner.set(row_of(owner, person, "SES#"), turned=1)
    assert person.get("/api/me").json()["renew"] is True
    assert person.post("/api/auth/renew").status_code == 204
    assert person.http.cookies["__Host-session"] != old and person.get("/api/me").json()["renew"] is False
    thief = Person(where["site"])
    thief.http.headers["Cookie"] = f"__Host-session={old}"
    assert thief.get("/api/me").status_code == 200, "requests of the same page may still bring it"
    owner.set(row_of(owner, person, "SES#"), turned=1)
    assert thief.get("/api/me").status_code == 401
    assert person.get("/api/me").status_code == 401, "nobody knows which of the two is the thief"


@pytest.mark.parametrize("function", [function for function in FUNCTIONS if function not in BEHIND])
def test_a_copied_old_token_ends_the_session_whoever_meets_it(function, where, person, owner):
    """Each of them has the right to."""
    thief = Person(where["site"])
    thief.http.headers["Cookie"] = f"__Host-session={person.http.cookies['__Host-session']}"
    owner.set(row_of(owner, person, "SES#"), turned=1)
    assert person.post("/api/auth/renew").status_code == 204
    owner.set(row_of(owner, person, "SES#"), turned=1)
    assert call(thief, *MET_BY[function]).status_code == 401
    assert person.get("/api/me").status_code == 401


def test_a_planted_session_does_not_survive_a_sign_in(where, stranger):
    planted = next(cookie for cookie in stranger.http.cookies if cookie.name == "__Host-session")
    victim = Person(where["site"])
    victim.http.cookies.set(planted.name, planted.value, domain=planted.domain, path=planted.path, secure=True)
    victim.sign_in(f"{uuid.uuid4().hex}@example.com")
    assert victim.http.cookies[planted.name] != planted.value
    assert stranger.get("/api/me").status_code == 401, "whoever planted it has lost it"


@pytest.mark.parametrize(("method", "path"), CHANGES, ids=[f"{method} {path}" for method, path in CHANGES])
def test_a_change_must_come_from_the_site_itself(person, method, path):
    if path == "/api/auth/logout":
        person.http.cookies.clear()
    for origin in (None, "null", "https://evil.example", person.site + ".evil.example"):
        answer = call(person, method, path, Origin=origin)
        assert kind_of(answer) == (403, "/problems/cross-site"), origin
    if method != "DELETE":
        for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None):
            assert kind_of(call(person, method, path, **{"Content-Type": media_type})) == (415, "/problems/content-type")


def test_several_generations_are_deleted_at_once(person, stranger, coffee, owner):
    mine, theirs = [person.make(coffee)["id"] for _ in range(2)], stranger.make(coffee)["id"]
    answer = person.post("/api/generations/deletions", {"ids": [*mine, theirs]})
    assert answer.json() == {"deleted": mine, "missing": [theirs]}
    assert person.generations() == [] and len(stranger.generations()) == 1
    assert not owner.objects("models", mine[0])
    assert person.post("/api/generations/deletions", {"ids": mine}).json() == {"deleted": [], "missing": mine}
    for ids, pointer in (([], "/ids"), ([mine[0]] * 101, "/ids"), ([mine[0], "../x"], "/ids/1")):
        assert person.post("/api/generations/deletions", {"ids": ids}).json()["errors"][0]["pointer"] == pointer


def test_an_address_that_signs_in_too_often_waits(where):
    visitor = Person(where["site"])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: visitor.get("/api/auth/login"), range(130)))
    # A window may end meanwhile: two full ones have 120.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 10 <= len(refused) <= 70 and {answer.status_code for answer in answers} == {302, 429}
    assert refused[0].json()["type"] == "/problems/too-often" and 1 <= int(refused[0].headers["Retry-After"]) <= 600
    assert Person(where["site"]).get("/api/auth/login").status_code == 302, "another address does not wait"


def test_a_blocked_person_makes_nothing_and_keeps_every_right(person, operator, coffee):
    email = person.get("/api/me").json()["email"]
    why = f"a test {uuid.uuid4().hex}"
    deed = lambda name, *rest: operator("operate.py", name, "--stage", "local", *rest)  # noqa: E731
    deed("block", "--email", email, "--why", why)
    assert kind_of(person.announce(coffee, "image/png")) == (403, "/problems/blocked")
    assert person.post("/api/me/exports").status_code == 202
    assert person.get("/api/me").json()["standing"] == "blocked"
    # Leaving and coming back unblocks nobody.
    assert person.post("/api/me/deletion").status_code == 202
    assert person.delete("/api/me/deletion").status_code == 204
    assert person.get("/api/me").json()["standing"] == "blocked"
    deed("unblock", "--email", email, "--why", why)
    assert person.announce(coffee, "image/png").status_code == 201
    assert {"blocked", "unblocked"} <= {line["deed"] for line in person.get("/api/me/activity").json()["items"]}
    logged = [line for line in deed("audit", "--month", time.strftime("%Y-%m", time.gmtime())).splitlines() if why in line]
    assert [line.split("  ")[1] for line in logged] == ["block", "unblock"] and email not in str(logged)


def test_activity_has_pages_and_a_cursor_that_is_checked(where):
    person = new_person(where)
    for name in ("A", "B", "C"):
        person.change("PATCH", "/api/me", {"name": name})
    first = person.get("/api/me/activity?limit=2").json()
    second = person.get(f"/api/me/activity?limit=100&cursor={quote(first['next_cursor'])}").json()
    assert len(first["items"]) == 2 and len(second["items"]) == 3 and second["next_cursor"] is None
    assert kind_of(person.get("/api/me/activity?cursor=x")) == (422, "/problems/invalid")
    assert json.dumps(first).count("profile_changed") == 2
