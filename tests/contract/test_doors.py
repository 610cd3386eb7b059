"""Who gets in: every route of the document, without a session, with a bad one, with another person's ids."""

import json
from pathlib import Path

import pytest
import requests
from people import Person

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "shared" / "api" / "openapi.json").read_text())
ROUTES = [
    (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
CLOSED = [(method, path) for method, path, operation in ROUTES if operation["security"]]
IDS = [f"{method} {path}" for method, path in CLOSED]


def call(
    person: Person, method: str, path: str, generation: str = "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV", **changed: str | None,
) -> requests.Response:
    """Calls a route with made-up names; `changed` headers replace the usual ones, `None` takes one away."""
    names = {
        "id": generation, "file": "model.glb", "checkout": "cs_test_1", "part": "export-1.zip",
        "session": "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV", "export": "exp_01ARZ3NDEKTSV4RRFFQ69G5FAV", "key": "4gT9xQ2b",
        "webhook": "whk_01ARZ3NDEKTSV4RRFFQ69G5FAV", "delivery": "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    }
    address = person.site + path.format(**names)
    headers = {"Origin": person.site, "Idempotency-Key": "a-key-of-a-test", "Content-Type": "application/json"}
    headers = {name: value for name, value in (headers | changed).items() if value is not None}
    body = b"{}" if method[0] == "P" else None
    return person.http.request(method, address, headers=headers, data=body, allow_redirects=False)


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=IDS)
def test_no_session(where, method, path):
    answer = call(Person(where["site"]), method, path)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/signed-out")


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=IDS)
def test_a_forged_session(where, person, method, path):
    good = person.http.cookies["__Host-session"]
    header, body, signature = good.split(".")
    for forged in ("", "x", f"{header}.{body}.", f"{header}.{body}.{signature[::-1]}", f"{header}.{body[::-1]}.{signature}"):
        nobody = Person(where["site"])
        nobody.http.headers["Cookie"] = f"__Host-session={forged}"
        assert call(nobody, method, path).status_code == 401, forged


def test_an_ended_session(person, owner):
    user = person.get("/api/me").json()["user_id"]
    row = next(row for row in owner.rows(user) if row["sk"].startswith("SES#"))
    owner.set(row, ends=1)
    for method, path in CLOSED:
        assert call(person, method, path).status_code == 401, path


def test_a_session_that_was_signed_out(person):
    cookie = person.http.cookies["__Host-session"]
    assert person.post("/api/auth/logout").status_code == 204
    assert "__Host-session" not in person.http.cookies
    person.http.headers["Cookie"] = f"__Host-session={cookie}"
    assert person.get("/api/me").status_code == 401


def test_another_persons_generation_is_not_there(person, stranger, coffee):
    made = person.make(coffee)
    for method, path in CLOSED:
        if "{id}" in path:
            theirs, nobodys = call(stranger, method, path, made["id"]), call(stranger, method, path)
            assert (theirs.status_code, theirs.text) == (404, nobodys.text), path
    assert person.get(f"/api/generations/{made['id']}").status_code == 200


def test_the_session_cookie_is_bound_to_the_site(where):
    person = Person(where["site"])
    login = person.get("/api/auth/login?return_to=//evil.example")
    assert login.status_code == 302
    flow = login.headers["Set-Cookie"]
    assert flow.startswith("__Host-oauth=")
    for flag in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert flag in flow, flow
    for query in ("", "?state=x&code=y", "?error=access_denied"):
        back = person.get(f"/api/auth/callback{query}")
        assert (back.status_code, back.headers["Location"]) == (303, "/?sign_in=failed")
        assert "__Host-session" not in back.headers.get("Set-Cookie", "")
