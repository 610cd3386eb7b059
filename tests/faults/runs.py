"""What is cut at each of its calls: for every run how it begins, what is done, and what the world does next until all is well.

A run is data. `begin` gives a subject that was never touched; `act` does the one thing whose calls go wrong; `mend` does what the
world does by itself afterwards (the queue and Stripe repeat, clocks tick, a person clicks again) and says what must hold then.
"""

import io
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from conftest import dispatch, row
from invariants import RESULTS, check
from receiver import message
from test_money import Stripe, arrived, buy

# How often the world tries again before a fault counts as one that stays.
TRIES = 4


@dataclass(frozen=True)
class Run:
    """One run."""

    name: str
    begin: Callable
    act: Callable
    mend: Callable


def begin_order(world):
    return world.orders.upload(world.photo), uuid.uuid4().hex


def mend_order(world, wish):
    owner, person = world.owner, world.orders
    made = person.create(*wish)
    assert made.status_code == 202, made.text
    generation = made.json()["id"]
    assert [one["id"] for one in person.generations()] == [generation], "one wish, one model"
    check(owner, person.id)
    owner.set_due(row(owner, person, generation), 1)
    owner.run_upkeep()
    assert row(owner, person, generation)["due"] > 1, "it waits in the queue again"
    assert person.delete(f"/api/generations/{generation}").status_code == 204
    assert person.credits() == {"available": 10, "held": 0}
    check(owner, person.id)


def begin_waiting(world):
    person, generation, kept = world.waiting
    kept.put_back()
    return person, generation


def upkeep_until(status: str, world, person, generation: str, is_sent: bool = False) -> None:
    """Upkeep looks at it, and the queue brings it if `is_sent`, until it is there or enough was tried."""
    for _ in range(TRIES):
        found = row(world.owner, person, generation)
        if found["status"] == status:
            break
        world.owner.set_due(found, 1)
        world.owner.run_upkeep()
        if is_sent:
            dispatch(world.owner, person, generation)


def mend_work(world, subject):
    upkeep_until("SUCCEEDED", world, *subject, is_sent=True)
    charged_once(world, *subject)


def charged_once(world, person, generation: str) -> None:
    """It has succeeded, and so much was charged."""
    assert row(world.owner, person, generation)["status"] == "SUCCEEDED", row(world.owner, person, generation)
    assert person.credits() == {"available": 9, "held": 0}
    check(world.owner, person.id)
    world.stranger_sees_nothing(f"/api/generations/{generation}")


def put_back_alone(world, held):
    """What upkeep is to find, and nothing else that is due by now: so it makes the same calls each time."""
    person, generation, kept = held
    world.owner.run_upkeep()
    kept.put_back()
    return person, generation


def begin_rescue(world):
    person, generation = put_back_alone(world, world.stored)
    world.owner.set_due(row(world.owner, person, generation), 1)
    return person, generation


def mend_rescue(world, subject):
    upkeep_until("SUCCEEDED", world, *subject)
    charged_once(world, *subject)


def begin_late(world):
    person, generation = put_back_alone(world, world.waiting)
    found = row(world.owner, person, generation)
    world.owner.set(found, deadline=1)
    world.owner.set_due(found, 1)
    return person, generation


def mend_late(world, subject):
    person, generation = subject
    upkeep_until("FAILED", world, person, generation)
    assert row(world.owner, person, generation)["status"] == "FAILED"
    assert person.credits() == {"available": 10, "held": 0}
    check(world.owner, person.id)


def begin_payment(world):
    person, account, kept = world.pays
    kept.put_back()
    stripe = Stripe(world.where, account)
    return stripe, stripe.event("checkout.session.completed", stripe.checkout())


def mend_payment(world, subject):
    stripe, event = subject
    told(stripe, event)
    assert world.pays[0].credits() == {"available": 30, "held": 0}
    check(world.owner, world.pays[0].id)


def begin_refund(world):
    stripe, event = begin_payment(world)
    told(stripe, event)
    return stripe, stripe.event("charge.refunded", stripe.refunded(500))


def mend_refund(world, subject):
    stripe, event = subject
    told(stripe, event)
    assert world.pays[0].credits() == {"available": 10, "held": 0}
    check(world.owner, world.pays[0].id)


def told(stripe, event: str) -> None:
    """Stripe tells it until it is taken, and then once more."""
    answers = [stripe.send(event).status_code for _ in range(TRIES)]
    assert answers[-1] == 200 and set(answers) <= {200, 500, 502, 503}, answers


def begin_checkout(world):
    world.pays[2].put_back()
    forget_limits(world)
    return uuid.uuid4().hex


def forget_limits(world) -> None:
    """The same person buys more often here than the limits let anybody."""
    client, table = world.owner.cloud.client("dynamodb"), world.where["table_name"]
    for found in world.owner.rows("RL#checkout"):
        client.delete_item(TableName=table, Key={"pk": {"S": found["pk"]}, "sk": {"S": found["sk"]}})


def mend_checkout(world, key):
    person = world.pays[0]
    first, second = buy(person, key=key), buy(person, key=key)
    assert (first.status_code, second.status_code) == (201, 201), (first.text, second.text)
    assert first.json() == second.json(), "one wish, one page to pay on"
    world.fake.pay(first.json()["url"])
    arrived(person, first.json()["url"].rsplit("/", 1)[1])
    assert person.credits() == {"available": 30, "held": 0}
    check(world.owner, person.id)


def begin_export(world):
    world.exports[1].put_back()
    return world.exports[0]


def due(world, person, kind: str) -> None:
    """Lets what waits for its time be due now."""
    for found in world.owner.rows(person.id):
        if found["sk"].startswith(kind) and found.get("due"):
            world.owner.hurry(found)


def mend_export(world, person):
    for _ in range(TRIES):
        export = person.get("/api/me/exports").json()["items"][0]
        if export["state"] == "ready":
            break
        due(world, person, "EXP#")
        world.owner.run_privacy()
    assert export["state"] == "ready" and len(export["files"]) == 1, export
    answer = person.http.get(person.site + export["files"][0]["url"])
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    names = {name.rsplit("/", 1)[-1] for name in archive.namelist()}
    assert names >= {"account.json", "generations-1.json", *RESULTS}, names
    world.stranger_sees_nothing(export["files"][0]["url"])
    check(world.owner, person.id)


def begin_open(world):
    return world.orders, world.ordered(world.orders)


def begin_finished(world):
    person, generation, kept = world.finished
    kept.put_back()
    return person, generation


def delete(world, subject) -> None:
    person, generation = subject
    person.delete(f"/api/generations/{generation}")


def mend_deletion(world, subject):
    person, generation = subject
    before = person.get(f"/api/generations/{generation}")
    answers = [person.delete(f"/api/generations/{generation}").status_code for _ in range(2)]
    assert answers in ([204, 404], [404, 404]) and (answers[0] == 404) == (before.status_code == 404), answers
    assert not world.owner.objects("models", generation), "results are left"
    upload = row(world.owner, person, generation)["photo"]["upload"]
    assert not world.owner.objects("uploads", upload), "the photo is left"
    assert person.credits()["held"] == 0
    check(world.owner, person.id)


def begin_leaving(world):
    person, _, kept = world.leaves
    world.owner.run_stripe_clock()  # for nothing: a process that was killed last time reads its secrets now
    kept.put_back()
    return person


def leave(world, person) -> None:
    """The clocks tick: nobody gets in any more; what runs and what is stored goes; Stripe's customer goes; books and rows."""
    for clock in (world.owner.run_privacy, world.owner.run_privacy, world.owner.run_stripe_clock, world.owner.run_privacy):
        due(world, person, "ERASURE")
        clock()


def mend_leaving(world, person):
    owner = world.owner
    owner.erase(person.id)
    assert not owner.rows(person.id), "rows are left"
    assert not owner.objects("uploads", person.id) and not owner.objects("models", person.id), "objects are left"
    assert person.get("/api/me").status_code == 401
    account = world.leaves[2].account
    books = owner.rows(account)
    wallet = next(row for row in books if row["sk"] == "WALLET")
    entries = [row for row in books if row["sk"].startswith("E#")]
    for field in ("available", "held", "debt"):
        assert wallet[field] == sum(entry[field] for entry in entries) == 0, (field, wallet)


def begin_delivery(world):
    person, _, kept = world.hooked
    kept.put_back()
    world.receiver.heard.clear()
    due(world, person, "DLV#")
    return person


def deliver(world, person) -> None:
    waiting = [found for found in world.owner.rows(person.id) if found["sk"].startswith("DLV#") and found["state"] == "waiting"]
    world.owner.run_webhooks(*map(message, waiting))


def mend_delivery(world, person):
    state = lambda: [row["state"] for row in world.owner.rows(person.id) if row["sk"].startswith("DLV#")]  # noqa: E731
    for _ in range(TRIES):
        if state() == ["delivered"]:
            break
        due(world, person, "DLV#")
        deliver(world, person)
    assert state() == ["delivered"]
    heard = list(world.receiver.heard)
    assert heard and len({(one.event, one.body) for one in heard}) == 1, "at least once, always the same"
    assert all(one.checked(world.hooked[1])["type"] == "test" for one in heard)


RUNS = [
    Run("create", begin_order, lambda world, wish: world.orders.create(*wish), mend_order),
    Run("dispatch", begin_waiting, lambda world, subject: dispatch(world.owner, *subject), mend_work),
    Run("upkeep ends what a dead worker stored", begin_rescue, lambda world, _: world.owner.run_upkeep(), mend_rescue),
    Run("upkeep fails what is too late", begin_late, lambda world, _: world.owner.run_upkeep(), mend_late),
    Run("Stripe tells of a payment", begin_payment, lambda _, subject: subject[0].send(subject[1]), mend_payment),
    Run("Stripe tells of a refund", begin_refund, lambda _, subject: subject[0].send(subject[1]), mend_refund),
    Run("checkout", begin_checkout, lambda world, key: buy(world.pays[0], key=key), mend_checkout),
    Run("export", begin_export, lambda world, _: world.owner.run_privacy(), mend_export),
    Run("delete an open generation", begin_open, delete, mend_deletion),
    Run("delete a finished generation", begin_finished, delete, mend_deletion),
    Run("a delivery to a webhook", begin_delivery, deliver, mend_delivery),
    Run("delete an account", begin_leaving, leave, mend_leaving),
]
