"""Messages and rows of tomorrow's release meet today's code, as after a rollback: refused loudly, kept as they are, nothing charged."""

import json
import uuid
from pathlib import Path

import pytest
from test_generations import asleep
from test_people import kind_of, user_of

NOBODYS = "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV"


def message(body: str) -> dict:
    return {"messageId": uuid.uuid4().hex, "receiptHandle": "a-receipt", "body": body}


def job(person, generation: str, **changed) -> str:
    return json.dumps({"v": 1, "generation_id": generation, "user_id": user_of(person), **changed})


def names(said: dict) -> list[str]:
    """The messages that come again."""
    return [one["itemIdentifier"] for one in said["batchItemFailures"]]


def stored(owner, row: dict) -> dict:
    """A row as the table has it."""
    key = {"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}}
    return owner.cloud.client("dynamodb").get_item(TableName=owner.where["table_name"], Key=key, ConsistentRead=True)["Item"]


def test_a_message_that_cannot_be_read_comes_again_stays_and_stops_no_neighbour(where, person, owner, coffee):
    """Of a newer release, no JSON at all, of somebody who is no more: and between them one that is good."""
    waits, good = asleep(person, owner, coffee), asleep(person, owner, coffee)
    row = next(row for row in owner.rows(user_of(person)) if row.get("id") == waits["id"])
    before = stored(owner, row)
    newer, none, nobodys = map(message, (job(person, waits["id"], v=2, engine="tomorrow"), "{", job(person, NOBODYS)))
    said = owner.run_dispatch(newer, message(job(person, good["id"])), none, nobodys)
    assert names(said) == [newer["messageId"], none["messageId"], nobodys["messageId"]]
    assert person.follow(good["id"])["status"] == "SUCCEEDED"
    assert stored(owner, row) == before and person.credits() == {"available": 8, "held": 1}
    log = Path(where["logs"]) / "functions.log"
    owner.until(lambda: all(one["messageId"] in log.read_text() for one in (newer, none)))
    # Given up by its queue, it waits for the release that reads it, however often upkeep looks.
    letters = owner.dead_letters()
    owner.bury(json.loads(newer["body"]))
    failed = owner.run_upkeep()["failed"]
    assert owner.dead_letters() == letters + 1 and failed == 0
    assert stored(owner, row) == before
    owner.cloud.client("sqs").purge_queue(QueueUrl=where["dead_letter_queue_url"])
    assert person.delete(f"/api/generations/{waits['id']}").status_code == 204
    assert person.credits() == {"available": 9, "held": 0}


@pytest.mark.parametrize("changed", [
    lambda row: {**row, "status": {"S": "PAUSED"}},
    lambda row: {**row, "options": {"M": {**row["options"]["M"], "colour": {"S": "red"}}}},
], ids=["a status", "an option"])
def test_a_row_with_what_only_a_newer_release_knows_is_left_as_it_is(person, owner, coffee, changed):
    made = asleep(person, owner, coffee)
    owner.set_due(row := next(row for row in owner.rows(user_of(person)) if row.get("id") == made["id"]), 1)
    today, path = stored(owner, row), f"/api/generations/{made['id']}"
    tomorrow = changed(today)
    put = lambda item: owner.cloud.client("dynamodb").put_item(TableName=owner.where["table_name"], Item=item)  # noqa: E731
    put(tomorrow)
    wanted = message(job(person, made["id"]))
    assert names(owner.run_dispatch(wanted)) == [wanted["messageId"]]
    assert owner.run_upkeep()["left"] >= 1
    for answer in (person.get(path), person.delete(path), person.get("/api/generations")):
        assert kind_of(answer) == (500, "/problems/ours")
    assert stored(owner, row) == tomorrow and person.credits() == {"available": 9, "held": 1}
    # What the newer release does once it is back: the row is one again that today's code reads.
    put(today)
    assert owner.run_upkeep()["sent_again"] >= 1
    assert person.follow(made["id"])["status"] == "SUCCEEDED"
    assert person.credits() == {"available": 9, "held": 0}
