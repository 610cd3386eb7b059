"""Keys for programs: shown once, held to their scopes, gone at once."""

import hashlib
import io
import re
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import trimesh
from conftest import new_person
from people import PROMISE, SCOPES, Person, Program, make_key
from test_doors import CLOSED, ROUTES, call
from test_people import kind_of, user_of

KEY = re.compile(r"i3d_(?:live|test)_([0-9A-Za-z]{8})_[0-9A-Za-z]{32}_[0-9a-f]{8}")
# What each route asks of a key, as the document says it; without an entry, none is taken.
SCOPE_OF = {
    (method, path): scheme["key"][0]
    for method, path, operation in ROUTES for scheme in operation["security"] if "key" in scheme
}
IDS = [f"{method} {path}" for method, path in CLOSED]
DAY_LIMIT = next(limit["most"] for limit in PROMISE["limits"] if limit["what"] == "key-create")


@pytest.fixture(scope="module")
def keyring(where):
    """One person with a key of each scope, and keys that open nothing any more."""
    person = new_person(where)
    keys = {scope: make_key(person, scope)["secret"] for scope in SCOPES}
    revoked = make_key(person)
    assert person.delete(f"/api/me/keys/{revoked['key']['id']}").status_code == 204
    return {**keys, "revoked": revoked["secret"], "ended": make_key(person, expires_in_days=1)}, person


def digest(secret: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(secret.encode()).hexdigest()


def with_sum(body: str) -> str:
    return f"{body}_{zlib.crc32(body.encode()):08x}"


def test_a_key_is_shown_once_and_only_its_hash_is_kept(person, owner):
    made = make_key(person, "read", "create", expires_in_days=30, daily_creations=7)
    secret, key = made["secret"], made["key"]
    assert KEY.fullmatch(secret)[1] == key["id"] and with_sum(secret.rsplit("_", 1)[0]) == secret
    assert (key["name"], key["scopes"], key["daily_creations"], key["used_at"]) == ("A program", ["read", "create"], 7, None)
    assert person.get("/api/me/keys").json() == {"items": [key]}
    row, = [row for row in owner.rows(user_of(person)) if row["sk"].startswith("KEY#")]
    assert row["hash"] == digest(secret) and row["ttl"] == row["ends"] // 1000
    known, = owner.rows(digest(secret))
    assert known["ttl"] == row["ttl"]
    everything = str(owner.rows(""))
    assert secret not in everything and secret.split("_")[3] not in everything
    assert Program(person.site, secret).get("/api/generations").status_code == 200
    used = person.get("/api/me/keys").json()["items"][0]["used_at"]
    assert used is not None
    assert Program(person.site, secret).get("/api/generations").status_code == 200
    assert person.get("/api/me/keys").json()["items"][0]["used_at"] == used, "written every ten minutes at most"


def test_a_program_goes_the_whole_way(person, program, coffee):
    made = program.make(coffee)
    assert made["status"] == "SUCCEEDED" and person.credits() == {"available": 9, "held": 0}
    assert [item["id"] for item in program.generations()] == [made["id"]]
    link = program.get(f"/api/generations/{made['id']}/files/model.glb")
    assert link.status_code == 302 and requests.get(link.headers["Location"], timeout=30).content[:4] == b"glTF"
    assert program.delete(f"/api/generations/{made['id']}").status_code == 204
    assert program.post("/api/generations/deletions", {"ids": [made["id"]]}).json()["missing"] == [made["id"]]
    assert kind_of(program.change("POST", "/api/uploads", {}, **{"Content-Type": "text/plain"})) == (415, "/problems/content-type")


def test_a_test_key_makes_the_sample_for_nothing(person, owner, coffee):
    real = person.make(coffee)
    program = Program(person.site, make_key(person, test=True)["secret"])
    asked = len(owner.rows(owner.wallet(user_of(person))["account"])), person.credits()
    # Whatever the endpoint would do: it is not asked.
    owner.faults({"kind": "no_capacity", "times": 1})
    made = program.make(coffee, options={"faces": 300})
    assert not owner.played()
    owner.calm()
    assert (made["status"], made["test"], made["price"], made["model"]["watertight"]) == ("SUCCEEDED", True, 0, True)
    assert (len(owner.rows(owner.wallet(user_of(person))["account"])), person.credits()) == asked, "the books never hear of it"
    for name in [file["name"] for file in made["files"]] + ["photo"]:
        link = program.get(f"/api/generations/{made['id']}/files/{name}")
        content = requests.get(link.headers["Location"], timeout=30).content
        assert content == coffee if name == "photo" else len(content) > 100, name
        if name == "model.glb":
            mesh = trimesh.load(io.BytesIO(content), file_type="glb").to_geometry()
            mesh.merge_vertices(merge_tex=True, merge_norm=True)
            assert mesh.is_watertight and len(mesh.faces) == made["model"]["faces"]
    # It sees its own kind alone; the person sees both.
    assert [one["id"] for one in program.generations()] == [made["id"]]
    assert [one["test"] for one in person.generations()] == [True, False]
    for answer in (program.get(f"/api/generations/{real['id']}"), program.delete(f"/api/generations/{real['id']}")):
        assert answer.status_code == 404
    assert program.post("/api/generations/deletions", {"ids": [real["id"]]}).json() == {"deleted": [], "missing": [real["id"]]}
    assert program.delete(f"/api/generations/{made['id']}").status_code == 204
    assert not owner.objects("models", made["id"]) and person.get(f"/api/generations/{real['id']}").status_code == 200


def test_a_test_keys_wish_is_never_a_real_one(person, coffee):
    program, wish = Program(person.site, make_key(person, test=True)["secret"]), "one-wish-for-both"
    upload = person.upload(coffee)
    assert program.create(upload, wish).status_code == 202
    assert kind_of(person.create(upload, wish)) == (422, "/problems/idempotency-key-reused")


def test_a_test_keys_photo_is_judged_as_a_real_one_and_its_days_are_bounded(person, owner, coffee):
    secret = make_key(person, test=True, daily_creations=1)["secret"]
    program = Program(person.site, secret)
    assert kind_of(program.create(program.upload(b"no photo at all"))) == (422, "/problems/photo-not-an-image")
    assert program.make(coffee)["test"] is True
    owner.same_every_day("key-create", digest(secret))
    assert kind_of(program.create(program.upload(coffee))) == (429, "/problems/too-often")
    assert person.credits() == {"available": 10, "held": 0}


def test_another_persons_generation_is_not_there_for_a_key(program, stranger, coffee):
    theirs = stranger.make(coffee)["id"]
    for method, path in SCOPE_OF:
        if "{id}" in path:
            assert call(program, method, path, {"id": theirs, "file": "model.glb"}, Origin=None).status_code == 404, path
    assert len(stranger.generations()) == 1


@pytest.mark.parametrize(("method", "path"), CLOSED, ids=IDS)
def test_every_route_takes_exactly_the_keys_that_the_document_names(owner, keyring, method, path):
    keys, person = keyring
    scope = SCOPE_OF.get((method, path))

    def tried(authorization: str) -> tuple[int, str | None]:
        nobody = Person(person.site)
        nobody.http.headers["Authorization"] = authorization
        answer = call(nobody, method, path, Origin=None)
        return answer.status_code, answer.json()["type"] if answer.content and answer.status_code >= 400 else None

    refused = (403, "/problems/key-refused") if scope is None else (401, "/problems/key-invalid")
    for row in owner.rows(user_of(person)):
        if row["sk"] == f"KEY#{keys['ended']['key']['id']}":
            owner.set(row, ends=1)
    good = keys["read"]
    body, checksum = good.rsplit("_", 1)
    for bad in (
        "", "Bearer", f"Basic {good}", good, f"Bearer {good[:-1]}", f"Bearer {body}_{checksum[::-1]}x", f"Bearer {good}, Bearer {good}",
        f"Bearer {with_sum('i3d_live_00000000_' + '0' * 32)}", f"Bearer {with_sum(body.replace('live', 'test'))}", f"Bearer {with_sum(body.replace('live', 'beta'))}",
        f"Bearer {keys['revoked']}", f"Bearer {keys['ended']['secret']}",
    ):
        assert tried(bad) == refused, bad
    for name in SCOPES:
        answer = tried(f"Bearer {keys[name]}")
        if scope is None:
            assert answer == refused
        elif name == scope:
            assert answer[0] not in (401, 403) and answer[0] < 500, (name, answer)
        else:
            assert answer == (403, "/problems/scope-missing"), name
    person.http.headers["Authorization"] = f"Bearer {good}"
    both = call(person, method, path)
    del person.http.headers["Authorization"]
    assert kind_of(both) == (400, "/problems/key-and-session")


def test_the_document_names_a_scope_for_models_and_for_nothing_else():
    assert {path.split("/")[2] for _, path in SCOPE_OF} == {"uploads", "generations"}
    assert set(SCOPE_OF.values()) == set(SCOPES)


def test_a_refusal_for_want_of_a_name_says_how_programs_bring_one(where):
    nobody = Person(where["site"])
    assert nobody.get("/api/generations").headers["WWW-Authenticate"] == 'Bearer realm="ImageTo3D"'


def test_a_revoked_key_opens_nothing_from_that_moment(person, stranger, owner):
    made = make_key(person)
    program = Program(person.site, made["secret"])
    path = f"/api/me/keys/{made['key']['id']}"
    assert program.get("/api/generations").status_code == 200
    assert stranger.delete(path).status_code == 404 and program.get("/api/generations").status_code == 200
    assert person.delete(path).status_code == 204
    assert kind_of(program.get("/api/generations")) == (401, "/problems/key-invalid")
    assert person.delete(path).status_code == 404 and person.delete("/api/me/keys/..x").status_code == 404
    assert owner.rows(digest(made["secret"])) == []
    deeds = [line["deed"] for line in person.get("/api/me/activity").json()["items"]]
    assert deeds[:2] == ["key_revoked", "key_created"]


def test_a_key_creates_so_many_a_day_and_its_owner_goes_on(person, owner, coffee):
    secret = make_key(person, daily_creations=1)["secret"]
    program = Program(person.site, secret)
    wish, upload = uuid.uuid4().hex, program.upload(coffee)
    assert program.create("upl_01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404, "what is refused does not count"
    first = program.create(upload, wish)
    assert first.status_code == 202
    assert program.create(upload, wish).json()["id"] == first.json()["id"], "nor does what is sent again"
    owner.same_every_day("key-create", digest(secret))
    second = program.upload(coffee)
    refused = program.create(second)
    assert kind_of(refused) == (429, "/problems/too-often") and 1 <= int(refused.headers["Retry-After"]) <= 86_400
    assert person.create(second).status_code == 202
    assert DAY_LIMIT == person.post("/api/me/keys", {"name": "x", "scopes": ["read"]}).json()["key"]["daily_creations"]


def test_a_program_is_told_what_it_has_left(person, owner, coffee):
    secret = make_key(person, daily_creations=2)["secret"]
    program = Program(person.site, secret)
    form = program.announce(coffee, "image/png")
    assert form.headers["RateLimit-Policy"] == '"upload";q=300;w=3600'
    left, reset = re.fullmatch(r'"upload";r=(\d+);t=(\d+)', form.headers["RateLimit"]).groups()
    assert left in ("299", "298") and 1 <= int(reset) <= 3600
    program.send(form.json(), coffee)
    made = program.create(form.json()["upload_id"])
    assert made.headers["RateLimit-Policy"] == '"create";q=200;w=3600, "key-create";q=2;w=86400'
    assert re.fullmatch(r'"create";r=19\d;t=\d+, "key-create";r=1;t=\d+', made.headers["RateLimit"])
    owner.same_every_day("key-create", digest(secret))
    missing = program.create("upl_01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert missing.status_code == 404 and re.fullmatch(r'"create";r=19\d;t=\d+', missing.headers["RateLimit"])
    assert program.create(program.upload(coffee)).status_code == 202
    owner.same_every_day("key-create", digest(secret))
    refused = program.create(program.upload(coffee))
    reset = re.search(r'"key-create";r=0;t=(\d+)$', refused.headers["RateLimit"])[1]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, reset)
    assert "RateLimit" not in person.announce(coffee, "image/png").headers, "a page has no use for it"


def test_a_blocked_or_leaving_owner_creates_nothing_by_key(where, person, program, coffee):
    assert person.post("/api/me/deletion").status_code == 202
    assert kind_of(program.announce(coffee, "image/png")) == (403, "/problems/account-closing")
    assert kind_of(person.post("/api/me/keys", {"name": "x", "scopes": ["read"]})) == (403, "/problems/account-closing")
    assert program.get("/api/generations").status_code == 200
    newcomer = Person(where["site"])
    newcomer.only_sign_in(f"{uuid.uuid4().hex}@example.com")
    assert kind_of(newcomer.post("/api/me/keys", {"name": "x", "scopes": ["read"]})) == (403, "/problems/first-step-missing")


def test_a_deleted_account_leaves_no_key(person, owner):
    made = make_key(person)
    program, user = Program(person.site, made["secret"]), user_of(person)
    assert person.post("/api/me/deletion").status_code == 202
    owner.erase(user)
    assert kind_of(program.get("/api/generations")) == (401, "/problems/key-invalid")
    assert owner.rows(digest(made["secret"])) == [] and owner.rows(user) == []


def test_a_person_has_twenty_keys_at_most_however_fast_they_are_asked_for(person):
    for number in range(15):
        make_key(person, name=f"Program {number}")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: person.post("/api/me/keys", {"name": "x", "scopes": ["read"]}), range(8)))
    # Some of those who raced may have given up; none may have slipped through.
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    made = len(person.get("/api/me/keys").json()["items"])
    while made < 20:
        make_key(person)
        made += 1
    assert kind_of(person.post("/api/me/keys", {"name": "x", "scopes": ["read"]})) == (409, "/problems/too-many-keys")
    assert len(person.get("/api/me/keys").json()["items"]) == 20


def test_every_fault_of_a_wish_is_named(person):
    bad = {"name": " ", "scopes": [], "expires_in_days": 367, "daily_creations": 0, "concurrent": 51}
    pointers = [fault["pointer"] for fault in person.post("/api/me/keys", bad).json()["errors"]]
    assert pointers == ["/name", "/scopes", "/expires_in_days", "/daily_creations", "/concurrent"]
    for wrong, pointer in (({"scopes": ["admin"]}, "/scopes/0"), ({"colour": "red"}, "/colour"), ({"name": 7}, "/name")):
        refused = person.post("/api/me/keys", {"name": "x", "scopes": ["read"], **wrong})
        assert kind_of(refused) == (422, "/problems/invalid") and refused.json()["errors"][0]["pointer"] == pointer
