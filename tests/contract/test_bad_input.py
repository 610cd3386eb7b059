"""Bad input: each gets its documented problem and changes nothing."""

import concurrent.futures
import http.client
import json
import re
import urllib.parse
import uuid

import photos
import pytest
import requests
from people import Person, checksum
from test_generations import asleep

UNKNOWN = "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV"


def problem(answer: requests.Response, status: int, kind: str) -> dict:
    """The answer is this problem, in full."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"/problems/{kind}", body
    assert body["status"] == status and body["title"] and body["detail"]
    return body


def unchanged(person: Person, available: int = 10, generations: int = 0) -> None:
    """Nothing was charged, nothing was made."""
    assert person.credits() == {"available": available, "held": 0}
    assert len(person.generations()) == generations


@pytest.mark.parametrize(("name", "changed", "status", "kind", "pointer"), [
    ("empty", {"bytes": 0}, 422, "photo-empty", "/bytes"),
    ("10 MB + 1 byte", {"bytes": 10 * 1024 * 1024 + 1}, 413, "photo-too-large", "/bytes"),
    ("a type we do not take", {"content_type": "image/gif"}, 422, "invalid", "/content_type"),
    ("half a hash", {"sha256": "AAAA"}, 422, "invalid", "/sha256"),
    ("negative bytes", {"bytes": -1}, 422, "invalid", "/bytes"),
    ("an unknown field", {"colour": "red"}, 422, "invalid", "/colour"),
])
def test_an_announced_photo_is_refused(person, name, changed, status, kind, pointer):
    body = problem(person.announce(b"x", "image/png", changed), status, kind)
    assert body["errors"][0]["pointer"] == pointer, body


@pytest.mark.parametrize(("name", "field", "value", "statuses"), [
    ("another key", "key", "uploads/somebody/else", {403}),
    ("another type", "Content-Type", "text/html", {403}),
    ("a forged signature", "x-amz-signature", "0" * 64, {403}),
    ("a field that was not signed", "acl", "public-read", {403}),
    ("another file's checksum", "x-amz-checksum-sha256", checksum(b"other"), {403}),
])
def test_a_changed_form_uploads_nothing(person, owner, name, field, value, statuses):
    form = person.announce(b"photo", "image/png").json()
    # With the very file of that checksum, so that it is the form alone that is wrong.
    photo = b"other" if field == "x-amz-checksum-sha256" else b"photo"
    assert person.send(form, photo, **{field: value}).status_code in statuses
    assert not owner.objects("uploads", form["upload_id"])


@pytest.mark.parametrize("photo", [b"", b"phot", b"photos"], ids=["empty", "a byte less", "a byte more"])
def test_another_size_than_announced_uploads_nothing(person, owner, photo):
    form = person.announce(b"photo", "image/png").json()
    assert person.send(form, photo).status_code == 400
    assert not owner.objects("uploads", form["upload_id"])


def test_another_photo_than_the_signed_checksum_uploads_nothing(person, owner):
    form = person.announce(b"photo", "image/png").json()
    refused = person.send(form, b"other")
    assert refused.status_code == 400 and "<Code>BadDigest</Code>" in refused.text, refused.text
    assert not owner.objects("uploads", form["upload_id"])
    problem(person.create(form["upload_id"]), 409, "upload-not-received")
    unchanged(person)


@pytest.mark.parametrize(("name", "photo", "content_type", "kind"), photos.REFUSED, ids=[row[0] for row in photos.REFUSED])
def test_a_bad_photo_is_refused_and_costs_nothing(person, name, photo, content_type, kind):
    upload = person.upload(photo(), content_type)
    problem(person.create(upload), 422, kind)
    unchanged(person)


@pytest.mark.parametrize(("name", "photo", "content_type", "kind"), photos.FAILED, ids=[row[0] for row in photos.FAILED])
def test_a_broken_photo_fails_and_the_credits_come_back(person, name, photo, content_type, kind):
    ended = person.make(photo(), content_type)
    assert (ended["status"], ended["failure"]["type"]) == ("FAILED", f"/problems/{kind}"), ended
    assert ended["failure"]["detail"] and not ended["files"]
    unchanged(person, generations=1)


def test_too_few_faces_for_a_shape_say_how_many_it_needs(person):
    ended = person.make(photos.dots(), options={"faces": 100})
    assert (ended["status"], ended["failure"]["type"]) == ("FAILED", "/problems/faces-out-of-reach"), ended
    assert re.search(r"at least \d{3} faces; 100 were asked for", ended["failure"]["detail"]), ended
    unchanged(person, generations=1)


def test_a_text_bomb_in_a_good_picture_harms_nobody(person):
    ended = person.make(photos.text_bomb())
    assert ended["status"] in {"FAILED", "SUCCEEDED"}


def test_an_upload_that_never_came(person):
    form = person.announce(b"photo", "image/png").json()
    problem(person.create(form["upload_id"]), 409, "upload-not-received")
    unchanged(person)


def test_an_upload_of_another_person(person, stranger, coffee):
    upload = person.upload(coffee)
    problem(stranger.create(upload), 404, "not-found")
    unchanged(stranger)


def test_a_photo_that_is_replaced_after_the_order_is_not_the_one_that_is_made(person, owner, coffee):
    """What is no picture at all lies under the key by then: a run that read it would fail."""
    made = asleep(person, owner, coffee)
    key = owner.objects("uploads", made["upload_id"])[0]["key"]
    owner.cloud.client("s3").put_object(Bucket=owner.where["uploads_bucket"], Key=key, Body=b"no picture", ContentType="image/png")
    assert [item["latest"] for item in owner.objects("uploads", made["upload_id"])].count(False) == 1, "two versions"
    owner.set_due(next(row for row in owner.rows(person.get("/api/me").json()["user_id"]) if row.get("id") == made["id"]), 1)
    assert owner.run_upkeep()["sent_again"] >= 1
    assert person.follow(made["id"])["status"] == "SUCCEEDED"
    assert person.delete(f"/api/generations/{made['id']}").status_code == 204
    assert not owner.objects("uploads", made["upload_id"]), "neither version is left"


def test_an_upload_used_twice(person, coffee):
    upload = person.upload(coffee)
    made = person.create(upload)
    assert made.status_code == 202
    problem(person.create(upload), 409, "upload-already-used")
    person.follow(made.json()["id"])
    unchanged(person, available=9, generations=1)


@pytest.mark.parametrize("name", [UNKNOWN, "gen_short", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "gen_%00", "gen_" + "A" * 4000, "ß"])
def test_an_id_that_is_none(person, name):
    for answer in (person.get(f"/api/generations/{name}"), person.get(f"/api/generations/{name}/files/model.glb"), person.delete(f"/api/generations/{name}")):
        assert answer.status_code in {400, 404}, answer.text
    body = problem(person.create(name), 422, "invalid")
    assert body["errors"][0]["pointer"] == "/upload_id"


def test_a_query_that_makes_no_address(person):
    """As it stands here: `requests` would escape it. The function's runtime panicked on it once."""
    site = urllib.parse.urlsplit(person.site)
    asked = http.client.HTTPConnection(site.hostname, site.port)
    cookies = {"Cookie": "; ".join(f"{one.name}={one.value}" for one in person.http.cookies)}
    asked.request("GET", '/api/generations?cursor="<>"', headers=cookies)
    answer = asked.getresponse()
    body = json.loads(answer.read())
    assert answer.status == 422 and body["errors"][0]["pointer"] == "/cursor", body


def test_a_file_that_is_none(person, coffee):
    made = person.make(coffee)
    for file in ("..%2fmodel.glb", "model.obj", "%00", "photo.png"):
        assert person.get(f"/api/generations/{made['id']}/files/{file}").status_code in {400, 404}, file


@pytest.mark.parametrize("credits", [10, 1])
def test_a_second_click_makes_one_model(person, owner, coffee, credits):
    owner.set(owner.wallet(person.get("/api/me").json()["user_id"]), available=credits)
    upload, key = person.upload(coffee), uuid.uuid4().hex
    with concurrent.futures.ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(lambda _: person.create(upload, key), range(8)))
    assert {answer.status_code for answer in answers} == {202}, [answer.text for answer in answers]
    assert len({answer.json()["id"] for answer in answers}) == 1
    person.follow(answers[0].json()["id"])
    unchanged(person, available=credits - 1, generations=1)


def test_a_key_for_another_wish(person, coffee):
    upload, key = person.upload(coffee), uuid.uuid4().hex
    made = person.create(upload, key)
    assert made.status_code == 202
    problem(person.create(upload, key, options={"seed": 7}), 422, "idempotency-key-reused")
    person.follow(made.json()["id"])
    unchanged(person, available=9, generations=1)


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "white space!", "ключ-ключ".encode().decode("latin-1")])
def test_a_key_that_is_none(person, coffee, key):
    upload = person.upload(coffee)
    problem(person.post("/api/generations", {"upload_id": upload}, **{"Idempotency-Key": key}), 400, "idempotency-key-missing")
    unchanged(person)


@pytest.mark.parametrize(("options", "pointer"), [
    ({"foreground_percent": 49}, "/options/foreground_percent"),
    ({"texture_size": 1000}, "/options/texture_size"),
    ({"faces": 99}, "/options/faces"),
    ({"smooth": 21}, "/options/smooth"),
    ({"height_mm": 9}, "/options/height_mm"),
    ({"paint": "gold"}, "/options/paint"),
    ({"seed": -1}, "/options/seed"),
    ({"colour": "red"}, "/options/colour"),
])
def test_an_option_outside_its_limits_is_named(person, coffee, options, pointer):
    answer = person.create(person.upload(coffee), options=options)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer, answer.text
    unchanged(person)


def test_no_credits_left(person, owner, coffee):
    upload = person.upload(coffee)
    owner.set(owner.wallet(person.get("/api/me").json()["user_id"]), available=0)
    problem(person.create(upload), 402, "too-few-credits")
    unchanged(person, available=0)


def test_too_many_at_once(person, owner, coffee):
    upload = person.upload(coffee)
    owner.set(owner.wallet(person.get("/api/me").json()["user_id"]), open=50)
    answer = person.create(upload)
    problem(answer, 429, "too-many-running")
    assert int(answer.headers["Retry-After"]) > 0
    unchanged(person)


@pytest.mark.parametrize(("body", "headers", "status", "kind"), [
    (b"{", {"Content-Type": "application/json"}, 400, "bad-request"),
    (b"\xff\xfe", {"Content-Type": "application/json"}, 400, "bad-request"),
    (b"[]", {"Content-Type": "application/json"}, 422, "invalid"),
    (b"{}", {"Content-Type": "text/plain"}, 415, "content-type"),
    (b"{}", {"Content-Type": "application/json", "Origin": "https://evil.example"}, 403, "cross-site"),
    (b"{}", {"Content-Type": "application/json", "Origin": ""}, 403, "cross-site"),
])
def test_a_body_that_does_not_read(person, body, headers, status, kind):
    sent = {"Origin": person.site, "Idempotency-Key": uuid.uuid4().hex, **headers}
    for path in ("/api/uploads", "/api/generations"):
        problem(person.http.post(person.site + path, data=body, headers=sent), status, kind)
    unchanged(person)
