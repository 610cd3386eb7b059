"""The ways into a model for programs: a form, an address, many at once; and the way out: cancel. None charges twice."""

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from people import Program, make_key
from receiver import Pictures
from test_bad_input import problem
from test_generations import asleep

NOWHERE = "upl_01ARZ3NDEKTSV4RRFFQ69G5FAV"


def send_form(program, photo: bytes | None, key: str | None = None, **fields: str) -> requests.Response:
    parts = {name: (None, value) for name, value in fields.items()}
    if photo is not None:
        parts["file"] = ("cup.png", photo, "application/octet-stream")
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return program.http.post(f"{program.site}/api/generations", files=parts, headers=headers)


def send_address(program, url: str, key: str | None = None, **body) -> requests.Response:
    return program.post("/api/generations", {"image_url": url, **body}, **{"Idempotency-Key": key or uuid.uuid4().hex})


def test_one_call_with_the_photo_in_it_makes_one_model(person, program, coffee):
    key = uuid.uuid4().hex
    first = send_form(program, coffee, key, options=json.dumps({"faces": 500, "remove_background": False}))
    assert first.status_code == 202, first.text
    ended = program.follow(first.json()["id"])
    assert ended["status"] == "SUCCEEDED" and ended["model"]["faces"] <= 500 and not ended["options"]["remove_background"]
    again = send_form(program, coffee, key, options=json.dumps({"faces": 500, "remove_background": False}))
    assert (again.status_code, again.json()["id"]) == (202, ended["id"])
    problem(send_form(program, coffee, key), 422, "idempotency-key-reused")
    assert person.credits() == {"available": 9, "held": 0}


def test_a_form_is_refused_by_name_and_costs_nothing(person, program, coffee):
    for photo, fields, status, kind in [
        (None, {"options": "{}"}, 422, "invalid"),
        (coffee, {"colour": "red"}, 422, "invalid"),
        (coffee, {"options": '{"faces":1}'}, 422, "options-invalid"),
        (coffee, {"options": "{"}, 400, "bad-request"),
        (b"hello, this is no picture", {}, 422, "photo-not-an-image"),
        (b"\x89PNG\r\n\x1a\n" + bytes(4 * 1024 * 1024), {}, 413, "photo-too-large"),
    ]:
        key = uuid.uuid4().hex
        problem(send_form(program, photo, key, **fields), status, kind)
        assert send_form(program, coffee, key).status_code == 202, f"the key of a refused {kind} is free again"
    for made in program.generations():
        program.delete(f"/api/generations/{made['id']}")
    cookie = requests.post(f"{person.site}/api/generations", files={"file": coffee}, headers={
        "Origin": person.site, "Idempotency-Key": uuid.uuid4().hex, "Cookie": f"__Host-session={person.http.cookies['__Host-session']}"})
    problem(cookie, 415, "content-type")


def test_a_photo_is_fetched_from_its_address(where, person, program, coffee):
    pages = {
        "/cup.png": (200, {}, coffee), "/moved": (302, {"Location": "/cup.png"}, b""), "/gone": (404, {}, b""),
        "/page": (200, {"Content-Type": "image/png"}, b"<html>no picture</html>"),
        "/inside": (302, {"Location": "http://169.254.169.254/latest/meta-data"}, b""),
        "/large": (200, {}, b"\x89PNG\r\n\x1a\n" + bytes(10 * 1024 * 1024)),
    }
    with Pictures(where, lambda path: pages[path]) as receiver:
        made = send_address(program, receiver.url("/moved"))
        assert made.status_code == 202, made.text
        assert receiver.asked == ["/moved", "/cup.png"]
        assert program.follow(made.json()["id"])["status"] == "SUCCEEDED"
        for path, kind in [("/gone", "address-refused"), ("/inside", "address-refused"), ("/large", "address-refused"),
                           ("/page", "photo-not-an-image")]:
            key = uuid.uuid4().hex
            refused = send_address(program, receiver.url(path), key)
            problem(refused, 422, kind)
            assert send_address(program, receiver.url(path), key).status_code == 422, "a refused wish leaves its key free"
    assert person.credits() == {"available": 9, "held": 0}


@pytest.mark.parametrize("address", [
    "http://example.com/cup.jpg", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://10.0.0.1/",
    "https://0x7f000001/", "https://2130706433/", "https://localhost/", "https://user:word@example.com/", "https://example.com:8443/",
    "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "file:///etc/passwd", "ftp://example.com/", "cup.jpg", "",
    "https://example.com/" + "x" * 3000,
])
def test_an_address_inside_is_refused_by_name(person, address):
    refused = send_address(person, address)
    problem(refused, 422, "address-refused")
    assert refused.json()["errors"][0]["pointer"] == "/image_url"
    assert person.credits() == {"available": 10, "held": 0}


def test_who_sends_again_while_the_photo_is_fetched_is_told_to_wait(where, program, coffee):
    fetching, release = threading.Event(), threading.Event()

    def slowly(_: str):
        fetching.set()
        release.wait(7)
        return 200, {}, coffee

    key = uuid.uuid4().hex
    with Pictures(where, slowly) as receiver, ThreadPoolExecutor(1) as pool:
        first = pool.submit(send_address, program, receiver.url("/cup"), key)
        assert fetching.wait(20)
        second = send_address(program, receiver.url("/cup"), key)
        problem(second, 409, "in-progress")
        assert int(second.headers["Retry-After"]) > 0
        problem(send_address(program, receiver.url("/other"), key), 422, "idempotency-key-reused")
        release.set()
        made = first.result()
        assert made.status_code == 202, made.text
        again = send_address(program, receiver.url("/cup"), key)
        assert (again.status_code, again.json()["id"]) == (202, made.json()["id"])
        assert len(receiver.asked) == 1


def test_many_at_once_each_for_itself(where, person, program, coffee):
    key = uuid.uuid4().hex
    with Pictures(where, lambda _: (200, {}, coffee)) as receiver:
        items = [
            {"upload_id": person.upload(coffee)}, {"upload_id": NOWHERE}, {"image_url": receiver.url("/cup")},
            {"upload_id": person.upload(coffee), "options": {"faces": 1}}, {"image_url": "https://10.0.0.1/"},
        ]
        answer = program.post("/api/generations/batch", {"items": items}, **{"Idempotency-Key": key})
        assert answer.status_code == 200, answer.text
        results = answer.json()["items"]
        assert [one["status"] for one in results] == [202, 404, 202, 422, 422]
        assert [one["problem"] and one["problem"]["type"] for one in results] == [
            None, "/problems/not-found", None, "/problems/options-invalid", "/problems/address-refused"]
        again = program.post("/api/generations/batch", {"items": items}, **{"Idempotency-Key": key}).json()["items"]
        assert [one["generation"] and one["generation"]["id"] for one in again] == [
            one["generation"] and one["generation"]["id"] for one in results]
        assert receiver.asked == ["/cup"], "what was made is not fetched again"
    made = [one["generation"]["id"] for one in results if one["generation"]]
    assert [program.follow(one)["status"] for one in made] == ["SUCCEEDED"] * 2
    assert person.credits() == {"available": 8, "held": 0}


def test_a_batch_is_bounded(person):
    def batch(items):
        return person.post("/api/generations/batch", {"items": items}, **{"Idempotency-Key": uuid.uuid4().hex})
    for items in ([], [{"upload_id": NOWHERE}] * 51, [{"image_url": "https://10.0.0.1/"}] * 11):
        refused = batch(items)
        problem(refused, 422, "invalid")
        assert refused.json()["errors"][0]["pointer"] == "/items"
    refused = batch([{"upload_id": NOWHERE}, {"upload_id": NOWHERE, "colour": "red"}])
    assert refused.json()["errors"][0]["pointer"] == "/items/1/colour"
    assert [one["status"] for one in batch([{"upload_id": NOWHERE}] * 50).json()["items"]] == [404] * 50


def test_what_has_not_started_is_cancelled_and_stays_in_the_list(person, owner, coffee):
    made = asleep(person, owner, coffee)
    path = f"/api/generations/{made['id']}/cancel"
    cancelled = person.post(path)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "CANCELLED")
    assert person.credits() == {"available": 10, "held": 0}
    assert person.post(path).json()["status"] == "CANCELLED", "twice is once"
    assert [one["status"] for one in person.generations()] == ["CANCELLED"]


def test_what_has_ended_cannot_be_cancelled(person, stranger, coffee):
    made = person.create(person.upload(coffee)).json()
    person.follow(made["id"])
    problem(person.post(f"/api/generations/{made['id']}/cancel"), 409, "already-ended")
    problem(stranger.post(f"/api/generations/{made['id']}/cancel"), 404, "not-found")


def test_a_list_is_narrowed(person, owner, coffee):
    done = person.follow(person.create(person.upload(coffee)).json()["id"])
    waiting = asleep(person, owner, coffee)

    def ids(query: str) -> list[str]:
        return [one["id"] for one in person.get(f"/api/generations?{query}").json()["items"]]

    assert ids("") == [waiting["id"], done["id"]]
    assert ids("status=SUCCEEDED") == ids("engine=relief") == [done["id"]]
    assert ids("status=QUEUED") == [waiting["id"]] and ids("engine=triposr") == ids("status=FAILED") == []
    assert ids(f"created_from={waiting['created_at']}") == [waiting["id"]]
    assert ids(f"created_until={waiting['created_at']}") == [done["id"]]
    assert ids(f"created_from={waiting['created_at']}&created_until={done['created_at']}") == []
    page = person.get("/api/generations?limit=1&status=SUCCEEDED").json()
    assert ids(f"limit=1&status=SUCCEEDED&cursor={page['next_cursor']}") == []
    for wrong in ("status=DONE", "engine=magic", "created_from=yesterday", "created_until=-1"):
        refused = person.get(f"/api/generations?{wrong}")
        problem(refused, 422, "invalid")
        assert refused.json()["errors"][0]["pointer"] == "/" + wrong.split("=")[0]
    assert person.post(f"/api/generations/{waiting['id']}/cancel").status_code == 200


def test_a_key_makes_so_many_at_once(person, owner, coffee):
    program = Program(person.site, make_key(person, concurrent=1)["secret"])
    made = asleep(program, owner, coffee)
    upload = program.upload(coffee)
    refused = program.create(upload)
    problem(refused, 429, "too-many-running")
    assert int(refused.headers["Retry-After"]) > 0
    assert person.create(person.upload(coffee)).status_code == 202, "the person is another matter"
    assert program.post(f"/api/generations/{made['id']}/cancel").status_code == 200
    assert program.create(upload).status_code == 202


def test_an_engine_that_is_not_loaded_costs_nothing(person, coffee):
    made = person.create(person.upload(coffee), options={"engine": "triposr"})
    ended = person.follow(made.json()["id"])
    assert ended["status"] == "FAILED" and "triposr" in ended["failure"]["detail"]
    other = person.create(person.upload(coffee), options={"engine": "inflate"})
    assert person.follow(other.json()["id"])["model"]["engine"] == "inflate"
    assert person.credits() == {"available": 9, "held": 0}
