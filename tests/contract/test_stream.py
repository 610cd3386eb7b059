"""The event stream of a generation: every change in its order, signs of life, coming back, and who may read it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import requests
from people import PROMISE, Program, make_key
from test_generations import asleep

STAGES = ["waiting", "reconstructing", "saving", "done"]
# Longer than anything here takes: a stream that is silent so long has been forgotten.
PATIENCE_S = 60


@dataclass
class Frame:
    """What stands between two empty lines."""

    event: str | None
    id: str | None
    data: dict | None
    comment: str | None
    retry: int | None


def frames(answer: requests.Response) -> Iterator[Frame]:
    """Reads a stream as the HTML standard says, as it comes."""
    lines: list[str] = []
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line:
            lines.append(line)
            continue
        fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        comments = [line for line in lines if line.startswith(":")]
        lines = []
        data = fields.get("data")
        yield Frame(fields.get("event"), fields.get("id"), json.loads(data) if data else None,
                    comments[0] if comments else None, int(fields["retry"]) if "retry" in fields else None)
    assert not lines, f"the stream ends within a frame: {lines}"


@contextmanager
def stream(reader, generation: str, **headers: str) -> Iterator[requests.Response]:
    address = f"{reader.site}/api/generations/{generation}/events"
    with reader.http.get(address, headers=headers, stream=True, timeout=PATIENCE_S) as answer:
        yield answer


def events(reader, generation: str, **headers: str) -> list[Frame]:
    """All events of a stream, to its end."""
    with stream(reader, generation, **headers) as answer:
        assert answer.status_code == 200, answer.text
        return [frame for frame in frames(answer) if frame.event]


def first_event(told: Iterator[Frame]) -> Frame:
    return next(frame for frame in told if frame.event)


def test_every_change_comes_in_its_order_and_the_last_is_what_get_says(person, owner, coffee):
    owner.faults({"kind": "slow", "times": 1, "delay_ms": 2500})
    made = person.create(person.upload(coffee)).json()
    with stream(person, made["id"]) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store, no-transform"
        told = list(frames(answer))
    assert told[0].retry == 1000
    seen = [frame for frame in told if frame.event]
    assert {frame.event for frame in seen} == {"generation"}
    stages = list(dict.fromkeys(frame.data["stage"] for frame in seen))
    assert stages == [stage for stage in STAGES if stage in stages] and {"reconstructing", "done"} <= set(stages)
    progress = [frame.data["progress"] for frame in seen]
    assert progress == sorted(progress) and len(set(progress)) > 3, "the work in hand moves on"
    assert all(before.data != after.data for before, after in zip(seen, seen[1:])), "nothing is told twice"
    last = person.get(f"/api/generations/{made['id']}")
    assert (seen[-1].data, seen[-1].id) == (last.json(), last.headers["ETag"])
    assert last.json()["status"] == "SUCCEEDED"


def test_who_has_seen_the_end_is_told_nothing_more(person, coffee):
    made = person.make(coffee)
    end, = events(person, made["id"])
    assert end.data == made
    with stream(person, made["id"], **{"Last-Event-ID": end.id}) as answer:
        assert (answer.status_code, answer.content) == (204, b"")
    assert [frame.data for frame in events(person, made["id"], **{"Last-Event-ID": 'W/"0"'})] == [made]


def test_who_comes_back_hears_only_what_is_new(person, owner, coffee):
    made = asleep(person, owner, coffee)
    with stream(person, made["id"]) as answer:
        seen = first_event(frames(answer))
    assert seen.data["stage"] == "waking"
    with stream(person, made["id"], **{"Last-Event-ID": seen.id}) as answer:
        told = frames(answer)
        # Two signs of life: what was known would have come before the first.
        quiet = [next(told) for _ in range(3)]
        assert [frame.event for frame in quiet] == [None] * 3 and quiet[1].comment == quiet[2].comment == ": still here"
        assert person.delete(f"/api/generations/{made['id']}").status_code == 204
        assert [frame for frame in told if frame.event] == [], "a deleted one tells nothing"
    with stream(person, made["id"], **{"Last-Event-ID": seen.id}) as answer:
        assert answer.status_code == 404


def test_another_persons_generation_is_not_there(person, stranger, owner, coffee):
    made = asleep(person, owner, coffee)
    theirs, nobodys = stranger.get(f"/api/generations/{made['id']}/events"), stranger.get("/api/generations/gen_01ARZ3NDEKTSV4RRFFQ69G5FAV/events")
    assert (theirs.status_code, theirs.headers["Content-Type"], theirs.text) == (404, "application/problem+json", nobodys.text)
    assert person.delete(f"/api/generations/{made['id']}").status_code == 204


@pytest.mark.parametrize("how", ["a key", "a session"])
def test_a_right_that_is_taken_back_ends_the_stream(person, owner, coffee, how):
    made = asleep(person, owner, coffee)
    key = make_key(person, "read")
    reader = Program(person.site, key["secret"]) if how == "a key" else person
    with stream(reader, made["id"]) as answer:
        told = frames(answer)
        assert first_event(told).data["id"] == made["id"]
        if how == "a key":
            assert person.delete(f"/api/me/keys/{key['key']['id']}").status_code == 204
        else:
            user = person.get("/api/me").json()["user_id"]
            owner.set(next(row for row in owner.rows(user) if row["sk"].startswith("SES#")), ends=1)
        assert [frame for frame in told if frame.event and frame.data["status"] != "QUEUED"] == [], "it ends without another word"
    with stream(reader, made["id"]) as answer:
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_key_needs_the_scope_and_the_signature_of_the_cdn_is_no_key(where, person, coffee):
    made = person.make(coffee)
    path = f"/api/generations/{made['id']}/events"
    refused = Program(person.site, make_key(person, "create")["secret"]).get(path)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    secret = make_key(person, "read")["secret"]
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=the-cdns"}
    bare = f"{where['site']}{path}"
    assert requests.get(bare, headers=signed, timeout=30).json()["type"] == "/problems/signed-out"
    assert requests.get(bare, headers={**signed, "X-Viewer-Authorization": f"Bearer {secret}"}, timeout=30).status_code == 200


def test_only_the_stream_is_answered_there(where):
    """Past the site's own rules, as if somebody called the function's URL with another path."""
    port = int(where["site"].rsplit(":", 1)[1]) + 6
    for method, path in [("GET", "/api/me"), ("GET", "/"), ("DELETE", "/api/generations/gen_01ARZ3NDEKTSV4RRFFQ69G5FAV/events")]:
        answer = requests.request(method, f"http://127.0.0.1:{port}{path}", timeout=30)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), path


def test_streams_are_counted(person, coffee):
    made = person.make(coffee)
    limit = next(limit for limit in PROMISE["limits"] if (limit["what"], limit["per"]) == ("stream", "person"))
    # A new window may begin meanwhile, but not two.
    answers = (person.get(f"/api/generations/{made['id']}/events") for _ in range(2 * limit["most"] + 1))
    refused = next(answer for answer in answers if answer.status_code != 200)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-often")
    assert 1 <= int(refused.headers["Retry-After"]) <= limit["seconds"]


def test_a_session_whose_token_is_renewed_meanwhile_lives_on(person, owner, coffee):
    """The stream was opened with the old token, which would be a theft if it came back later."""
    made = asleep(person, owner, coffee)
    user = person.get("/api/me").json()["user_id"]
    with stream(person, made["id"]) as answer:
        told = frames(answer)
        first_event(told)
        row = next(row for row in owner.rows(user) if row["sk"].startswith("SES#"))
        owner.set(row, turn=row["turn"] + 5, turned=1)
        lives = [next(frame for frame in told if frame.comment) for _ in range(2)]
        assert len(lives) == 2
    assert any(row["sk"].startswith("SES#") for row in owner.rows(user)), "nobody was signed out"
