"""What an operator does by hand on a running stage: each deed happens once, and stands in the log with who and why."""

import json
import time
import uuid

import pytest
import requests
from owner import Owner
from people import Person
from test_generations import asleep
from test_money import buy, fake  # noqa: F401  (a fixture)
from test_people import user_of


class Desk:
    """One operator with a reason of their own, by which their lines in the log are found again."""

    def __init__(self, operator) -> None:
        self.operator, self.why = operator, f"a test {uuid.uuid4().hex}"

    def __call__(self, deed: str, *arguments: str, fails: bool = False) -> str:
        return self.operator("operate.py", deed, "--stage", "local", *arguments, "--why", self.why, fails=fails)

    def lines(self) -> list[str]:
        month = time.strftime("%Y-%m", time.gmtime())
        return [line for line in self.operator("operate.py", "audit", "--stage", "local", "--month", month).splitlines() if self.why in line]

    def logged(self) -> list[tuple[str, str]]:
        """What was done, to what."""
        return [tuple(line.split("  ")[1:3]) for line in self.lines()]


@pytest.fixture
def desk(operator) -> Desk:
    return Desk(operator)


def test_credits_are_given_once_for_a_bad_model_and_the_log_says_by_whom(owner, desk, person, coffee):
    made = person.make(coffee)
    user, before = user_of(person), person.credits()["available"]
    assert "credits were given" in desk("refund", "--generation", made["id"])
    assert "nothing was changed" in desk("refund", "--generation", made["id"], fails=True)
    desk("grant", "--user", user, "--credits", "5")
    assert person.credits()["available"] == before + 1 + 5
    entries = [row for row in owner.rows(owner.wallet(user)["account"]) if row["sk"].startswith("E#")]
    assert sum(entry["available"] for entry in entries) == before + 6 and {entry["available"] + entry["held"] - entry["debt"] + entry["outside"] for entry in entries} == {0}
    assert desk.logged() == [("refund", made["id"]), ("grant", "5 credits")]
    assert all("arn:aws:" in line and user not in line for line in desk.lines())


def test_a_generation_is_found_by_its_id_alone(desk, person, coffee):
    made = person.make(coffee)
    told = json.loads(desk("find", "--generation", made["id"]))
    assert (told["status"], told["user"]) == ("SUCCEEDED", user_of(person))
    assert desk.logged() == [("find", made["id"])], "who looked at whose work is written down"
    assert "there is no gen_nothing" in desk("find", "--generation", "gen_nothing", fails=True)


def test_a_person_who_is_blocked_is_named_by_a_hash_in_the_log(desk, person):
    user = user_of(person)
    assert desk("block", "--user", user) == f"{user} is now blocked\n"
    assert "nothing was changed" in desk("block", "--user", user)
    desk("unblock", "--user", user)
    assert person.get("/api/me").json()["standing"] == "good"
    assert desk.logged() == [("block", "blocked"), ("unblock", "unblocked")], "what changed nothing is no deed"
    assert user not in str(desk.lines())


@pytest.mark.parametrize("arguments", [("grant", "--credits", "5"), ("block",), ("redrive", "--queue", "uploads")], ids=lambda arguments: arguments[0])
def test_a_deed_without_what_it_needs_is_not_done(desk, arguments):
    assert "error:" in desk(*arguments, fails=True)
    assert desk.logged() == []


def test_a_dead_message_goes_back_and_is_worked(where, owner: Owner, desk, person, coffee):
    made = asleep(person, owner, coffee)
    sqs = owner.cloud.client("sqs")
    # Its own message is lost: without the one among the dead letters nobody would ever make this model.
    sqs.purge_queue(QueueUrl=where["queue_url"])
    owner.bury({"v": 1, "generation_id": made["id"], "user_id": user_of(person)})
    assert owner.dead_letters() == 1
    assert desk("redrive") == "1 messages went back into generations\n"
    assert person.follow(made["id"])["status"] == "SUCCEEDED"
    assert person.credits() == {"available": 9, "held": 0}
    assert owner.dead_letters() == 0 and desk("redrive") == "0 messages went back into generations\n"
    assert desk.logged() == [("redrive", "generations")] * 2


def events_of(where, owner: Owner, checkout: str) -> list[str]:
    """Stripe's events about a purchase, whether they have arrived or not."""
    key = (owner.place.home / "stripe" / "client-secret").read_text()
    made = requests.get(f"{where['stripe']}/v1/events", headers={"Authorization": f"Bearer sk_test_{key}"}, timeout=5).json()["data"]
    return [event["id"] for event in made if event["data"]["object"]["id"] == checkout]


def test_a_payment_that_was_lost_is_replayed_and_credits_once(where, owner: Owner, desk, person: Person, fake):
    fake.order("hold", on=True)
    url = buy(person).json()["url"]
    fake.pay(url)
    (event,) = events_of(where, owner, url.rsplit("/", 1)[1])
    assert person.credits()["available"] == 10, "Stripe has the money, and nobody was told"
    for _ in range(2):
        assert desk("replay", "--event", event, "--stripe", where["stripe"]) == f"{event} was taken\n"
        assert person.credits()["available"] == 30
    # What Stripe still brings by itself is the same event.
    fake.order("hold", on=False)
    assert "was taken" in desk("replay", "--event", event, "--stripe", where["stripe"])
    rows = owner.rows(owner.wallet(user_of(person))["account"])
    assert sorted(row["kind"] for row in rows if row["sk"].startswith("E#")) == ["free_grant", "purchase"]
    assert desk.logged() == [("replay", event)] * 3
    assert "404" in desk("replay", "--event", "evt_nothing", "--stripe", where["stripe"], fails=True)
    assert len(desk.logged()) == 3, "an event that is not there is not replayed"
