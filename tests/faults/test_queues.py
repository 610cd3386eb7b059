"""After all faults: the queue is let go, drains by itself, and leaves only what names nothing."""

import json
import re

import show
from conftest import trigger


def test_the_queue_drains_and_the_dead_letters_hold_only_poison(world, owner):
    trigger(owner, True)
    try:
        owner.until(lambda: not any(show.queue(owner.cloud, world.where, "")["work"].values()), 300)
    finally:
        trigger(owner, False)
    known = {found.get("id") for found in owner.rows("USER#") if found["sk"].startswith("GEN#")}
    queue, url = owner.cloud.client("sqs"), world.where["dead_letter_queue_url"]
    while letters := queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for letter in letters:
            generation = json.loads(letter["Body"])["generation_id"]
            assert re.fullmatch(r"gen_\w{26}", generation) and generation not in known, f"{generation} is there, and was given up"
