"""Batches of which nothing can be written down; and after all faults the queue is let go, drains by itself, and leaves only poison."""

import json
import re

import show
from conftest import new_person, trigger
from proxy import Rule
from receiver import message

# Nobody ever reads these: a message of a newer release, and what is no message.
POISON = ['{"v":2,"generation_id":"gen_01ARZ3NDEKTSV4RRFFQ69G5FAV","user_id":"usr_01ARZ3NDEKTSV4RRFFQ69G5FAV"}', "{"]
# A message that was not told done, whose claim a killed worker held, or whose double came while it was in work stays away for the
# queue's visibility. All are looked at once, which takes minutes on a busy machine, and those once more.
VISIBILITIES = 2


def test_while_the_table_is_away_every_delivery_of_a_batch_comes_again_and_then_is_made_once(world, owner, proxy, receiver):
    person = new_person(world.where)
    hook = person.post("/api/me/webhooks", {"url": receiver.url, "kinds": ["generation.succeeded"]}).json()["webhook"]["id"]
    for _ in range(3):
        assert person.post(f"/api/me/webhooks/{hook}/test").status_code == 202
    rows = [found for found in owner.rows(person.id) if found["sk"].startswith("DLV#")]
    for found in rows:
        owner.hurry(found)
    receiver.heard.clear()
    proxy.play(Rule("broken", 0, stays=True))
    said = owner.run_webhooks(*map(message, rows))
    proxy.play()
    events = [found["event"] for found in rows]
    assert [one["itemIdentifier"] for one in said["batchItemFailures"]] == events and receiver.heard == []
    assert owner.run_webhooks(*map(message, rows)) == {"batchItemFailures": []}
    assert sorted(one.event for one in receiver.heard) == sorted(events)


def test_the_queue_drains_and_the_dead_letters_hold_only_poison(world, owner):
    for body in POISON:
        owner.cloud.client("sqs").send_message(QueueUrl=world.where["queue_url"], MessageBody=body)
    told = owner.cloud.client("sqs").get_queue_attributes(QueueUrl=world.where["queue_url"], AttributeNames=["VisibilityTimeout"])
    patience_s = VISIBILITIES * int(told["Attributes"]["VisibilityTimeout"])
    trigger(owner, True)
    try:
        owner.until(lambda: not any(show.queue(owner.cloud, world.where, "")["work"].values()), patience_s)
    finally:
        trigger(owner, False)
    known = {found.get("id") for found in owner.rows("USER#") if found["sk"].startswith("GEN#")}
    queue, url, found = owner.cloud.client("sqs"), world.where["dead_letter_queue_url"], []
    while letters := queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for letter in letters:
            if letter["Body"] in POISON:
                found.append(letter["Body"])
                continue
            generation = json.loads(letter["Body"])["generation_id"]
            assert re.fullmatch(r"gen_\w{26}", generation) and generation not in known, f"{generation} is there, and was given up"
    assert sorted(found) == sorted(POISON), "what nobody reads is kept"
