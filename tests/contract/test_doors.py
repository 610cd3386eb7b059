"""Who gets in: every route of the document, without a session, with a bad one, with another person's ids."""

import json
import uuid

import pytest
import requests
from conftest import REPOSITORY, new_person
from people import Person

DOCUMENT = json.loads((REPOSITORY / "shared" / "api" / "openapi.json").read_text())
ROUTES = [
    (method.upper(), path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
CLOSED = [(method, path) for method, path, operation in ROUTES if operation["security"]]
IDS = [f"{method} {path}" for method, path in CLOSED]


def call(
    person: Person, method: str, path: str, names: dict[str, str] | None = None, body: dict | None = None, **changed: str | None,
) -> requests.Response:
    """Calls a route, with made-up names if none are given; `changed` headers replace the usual ones, `None` takes one away."""
    names = names or {
        "id": "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV", "file": "model.glb", "checkout": "cs_test_1", "part": "export-1.zip",
        "session": "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV", "export": "exp_01ARZ3NDEKTSV4RRFFQ69G5FAV", "key": "4gT9xQ2b",
        "webhook": "whk_01ARZ3NDEKTSV4RRFFQ69G5FAV", "delivery": "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    }
    address = person.site + path.format(**names)
    headers = {"Origin": person.site, "Idempotency-Key": "a-key-of-a-test", "Content-Type": "application/json"}
    headers = {name: value for name, value in (headers | changed).items() if value is not None}
    sent = json.dumps(body or {}) if method[0] == "P" else None
    return person.http.request(method, address, headers=headers, data=sent, allow_redirects=False)


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
    assert person.get("/api/me").status_code == 401 and person.post("/api/auth/renew").status_code == 401


# What a body must say so that a route gets as far as looking for what its path names.
BODIES = {("PATCH", "/api/generations/{id}"): {"title": "Mine", "tags": []}, ("PATCH", "/api/me/webhooks/{webhook}"): {"enabled": False}}
# Whoever comes back from paying is told "waiting" until Stripe has told us: of a checkout that nobody knows, and of another's.
WAITING = "/api/billing/checkout/{checkout}"


@pytest.fixture(scope="module")
def owned(where):
    """A person, and the name of one of everything that a path can name."""
    person = new_person(where)
    photo = (REPOSITORY / ".local" / "photos" / "coffee.png").read_bytes()
    names = everything_of(where, person, person.make(photo)["id"])
    assert person.follow(names["id"])["status"] == "SUCCEEDED"
    return person, names


def everything_of(where, person, generation: str) -> dict[str, str]:
    """Makes one of everything else that a path can name."""
    hook = person.post("/api/me/webhooks", {"url": f"http://{where['receiver']}/", "kinds": ["generation.failed"]}).json()["webhook"]["id"]
    bought = person.post("/api/billing/checkout", {"product": "starter", "currency": "eur"}, **{"Idempotency-Key": uuid.uuid4().hex})
    checkout = bought.json()["url"].rsplit("/", 1)[1]
    requests.post(bought.json()["url"], data={"how": "card"}, allow_redirects=False, timeout=10)
    return {
        "id": generation, "file": "model.glb", "part": "export-1.zip", "checkout": checkout,
        "session": person.get("/api/auth/sessions").json()["items"][0]["id"],
        "export": person.post("/api/me/exports").json()["id"],
        "key": person.post("/api/me/keys", {"name": "Mine", "scopes": ["read"]}).json()["key"]["id"],
        "webhook": hook, "delivery": person.post(f"/api/me/webhooks/{hook}/test").json()["id"],
    }


NAMED = [(method, path) for method, path in CLOSED if "{" in path]


@pytest.mark.parametrize(("method", "path"), NAMED, ids=[f"{method} {path}" for method, path in NAMED])
def test_what_is_another_s_answers_like_what_is_not_there(stranger, owned, owner, method, path):
    """Every route of the document that names something, with another person's names."""
    person, names = owned
    user = person.get("/api/me").json()["user_id"]
    held = [row for row in owner.rows(user) if not row["sk"].startswith("DLV#")]
    body = BODIES.get((method, path))
    theirs, nobodys = (call(stranger, method, path, body=body, **given) for given in ({"names": names}, {}))
    assert theirs.status_code == nobodys.status_code == (200 if path == WAITING else 404), theirs.text
    assert theirs.text == nobodys.text and not any(name in theirs.text for name in names.values() if "." not in name)
    assert [row for row in owner.rows(user) if not row["sk"].startswith("DLV#")] == held, "nothing of theirs has changed"


@pytest.mark.parametrize(("method", "path"), NAMED, ids=[f"{method} {path}" for method, path in NAMED])
def test_the_same_names_are_there_for_their_owner(owned, method, path):
    """So that the test above cannot pass by naming nothing. What changes or deletes is left to other tests."""
    person, names = owned
    if method == "GET" and "export" not in path and not path.endswith("/events"):
        assert call(person, method, path, names=names).status_code in (200, 302), path


def test_several_names_of_another_s_are_not_there(stranger, owned):
    person, names = owned
    said = stranger.post("/api/generations/deletions", {"ids": [names["id"]]})
    assert said.json() == {"deleted": [], "missing": [names["id"]]}
    assert person.get(f"/api/generations/{names['id']}").status_code == 200


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
