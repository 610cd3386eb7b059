"""Slow: a receiver that fails by chance. How many deliveries there are, how many came twice, how many were lost.

    make test-webhooks EVENTS=100       (needs the tests' cloud: the target starts one)

Every generation is told to three webhooks. The receiver refuses, or hears everything and cuts the line; the latter must come
again with the same id. Waits are cut short by the rows' own times; every second round is sent for by the clock.
"""

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from conftest import new_person
from people import Program, make_key
from receiver import Receiver, message
from test_people import user_of
from test_webhooks import make_hook

GENERATIONS = int(os.environ.get("EVENTS", "100"))
HOOKS = 3
SEED = int(os.environ.get("SEED", "8"))
# Of a hundred requests: refused, heard and cut off, taken.
REFUSED, CUT = 25, 15


def test_nothing_is_lost_however_the_receiver_fails(where, owner, coffee, capsys):
    person = new_person(where)
    program = Program(where["site"], make_key(person, test=True)["secret"])
    chance, turn = random.Random(SEED), threading.Lock()

    def answer(_heard) -> int | None:
        with turn:
            drawn = chance.randrange(100)
        return 500 if drawn < REFUSED else None if drawn < REFUSED + CUT else 200

    with Receiver(where, answer) as receiver:
        secrets = {}
        for number in range(HOOKS):
            hook, secret = make_hook(person, f"{receiver.url}/{number}", "generation.succeeded")
            secrets[f"{receiver.path}/{number}"] = secret
        began = time.monotonic()

        def make(_number: int) -> str:
            made = program.create(program.upload(coffee))
            assert made.status_code == 202, made.text
            return made.json()["id"]

        with ThreadPoolExecutor(4) as pool:
            ids = set(pool.map(make, range(GENERATIONS)))
        rows = lambda: [row for row in owner.rows(user_of(person)) if row["sk"].startswith("DLV#")]  # noqa: E731
        owner.until(lambda: len(rows()) == GENERATIONS * HOOKS, patience_s=600)
        rounds = 0
        while waiting := [row for row in rows() if row["state"] == "waiting"]:
            rounds += 1
            assert rounds <= 20, waiting
            for row in waiting:
                owner.hurry(row)
            # Every second round as the clock does it, the other ones at once, ten at a time.
            if rounds % 2:
                for start in range(0, len(waiting), 10):
                    owner.run_webhooks(*map(message, waiting[start:start + 10]))
            else:
                tried = lambda: all(row["due"] != 1 for row in rows() if row["state"] == "waiting")  # noqa: E731
                owner.until(lambda: owner.run_upkeep() and tried(), patience_s=120)
        took = time.monotonic() - began
        heard = list(receiver.heard)
    told = Counter((one.path, one.checked(secrets[one.path])["data"]["id"]) for one in heard)
    wanted = {(path, generation) for path in secrets for generation in ids}
    ids_of = Counter((one.path, one.event) for one in heard)
    refused, cut = sum(one.status == 500 for one in heard), sum(one.status is None for one in heard)
    taken = Counter((one.path, one.event) for one in heard if one.status == 200)
    ended = Counter(row["state"] for row in rows())
    losses = len(wanted - told.keys()) + ended["failed"]
    with capsys.disabled():
        print(
            f"\n{len(wanted)} deliveries of {GENERATIONS} generations in {took:.0f} s: {len(heard)} requests, {refused} refused, "
            f"{cut} heard whole and cut off, {cut + taken.total() - len(taken)} duplicates, {losses} losses (seed {SEED})")
    assert losses == 0 and told.keys() == wanted and len(ids_of) == len(wanted)
    assert ended == {"delivered": len(wanted)}
