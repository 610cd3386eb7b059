"""Webhooks: what a person's programs are told, signed, again and again until they take it, and never inside our own network."""

import json

import pytest
from people import Program, make_key
from receiver import Receiver, message
from standardwebhooks.webhooks import WebhookVerificationError
from test_generations import asleep
from test_people import kind_of, row_of, user_of
from test_privacy import file_of

KINDS = ["generation.succeeded", "generation.failed", "generation.cancelled"]
HOOKS = "/api/me/webhooks"


@pytest.fixture
def receiver(where):
    with Receiver(where) as receiver:
        yield receiver


def make_hook(person, url: str, *kinds: str) -> tuple[str, str]:
    """A webhook's address in the API, and its secret."""
    made = person.post(HOOKS, {"url": url, "kinds": kinds or KINDS})
    assert made.status_code == 201, made.text
    return f"{HOOKS}/{made.json()['webhook']['id']}", made.json()["secret"]


def deliveries(person, hook: str) -> list[dict]:
    answer = person.get(f"{hook}/deliveries")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def attempt(owner, person, state: str = "waiting") -> None:
    """Lets the person's waiting deliveries be due, and tries them once, now."""
    rows = [row for row in owner.rows(user_of(person)) if row["sk"].startswith("DLV#") and row["state"] == state]
    for row in rows:
        owner.hurry(row)
    assert rows, "nothing waits"
    assert owner.run_webhooks(*map(message, rows)) == {"batchItemFailures": []}


def settled(owner, person, receiver, times: int) -> None:
    """Waits until so many tries were heard and are written down."""
    receiver.wait(lambda heard: len(heard) >= times)
    rows = lambda: [row for row in owner.rows(user_of(person)) if row["sk"].startswith("DLV#")]  # noqa: E731
    owner.until(lambda: sum(len(row["attempts"]) for row in rows()) >= times)


def tried_hook(owner, person, receiver) -> str:
    """A webhook to which one test event was sent."""
    hook, _ = make_hook(person, receiver.url)
    person.post(f"{hook}/test")
    settled(owner, person, receiver, 1)
    return hook


def test_the_end_of_a_generation_is_told_signed_and_once_for_each_kind(person, owner, receiver, coffee):
    hook, secret = make_hook(person, receiver.url, "generation.succeeded")
    make_hook(person, receiver.url + "/other", "generation.failed")
    made = person.make(coffee)
    heard, = receiver.wait(len)
    told = heard.checked(secret)
    assert (told["type"], told["data"]["id"], told["data"]["status"]) == ("generation.succeeded", made["id"], "SUCCEEDED")
    assert heard.path == receiver.path and heard.headers["content-type"] == "application/json"
    assert not {"cookie", "authorization", "referer"} & heard.headers.keys()
    with pytest.raises(WebhookVerificationError):
        heard.checked(secret.replace(secret[10:14], "AAAA"))
    settled(owner, person, receiver, 1)
    delivery, = deliveries(person, hook)
    assert (delivery["id"], delivery["state"], delivery["generation_id"], delivery["next_try_at"]) == (heard.event, "delivered", made["id"], None)
    (one,) = delivery["attempts"]
    assert one["status"] == 204 and one["error"] is None and one["took_ms"] >= 0


def test_a_failed_and_a_cancelled_generation_and_a_test_key_s_are_told_too(person, owner, receiver, coffee):
    _, secret = make_hook(person, receiver.url)
    Program(person.site, make_key(person, test=True)["secret"]).make(coffee)
    receiver.wait(lambda heard: len(heard) == 1)
    person.delete(f"/api/generations/{asleep(person, owner, coffee)['id']}")
    receiver.wait(lambda heard: len(heard) == 2)
    late = asleep(person, owner, coffee)
    owner.bury({"v": 1, "generation_id": late["id"], "user_id": user_of(person)})
    assert owner.run_upkeep()["failed"] >= 1
    told = [heard.checked(secret) for heard in receiver.wait(lambda heard: len(heard) == 3)]
    assert [(one["type"], one["data"]["test"]) for one in told] == [
        ("generation.succeeded", True), ("generation.cancelled", False), ("generation.failed", False),
    ]
    assert told[2]["data"]["failure"]["type"] == "/problems/ours"


def test_a_receiver_that_fails_hears_it_again_with_the_same_id_and_body(person, owner, receiver):
    answers = iter([500, None, 302])
    receiver.answer = lambda heard: next(answers, 200)
    hook, secret = make_hook(person, receiver.url)
    assert person.post(f"{hook}/test").status_code == 202
    for times in (1, 2, 3):
        settled(owner, person, receiver, times)
        if deliveries(person, hook)[0]["state"] == "waiting":
            attempt(owner, person)
    settled(owner, person, receiver, 4)
    heard = receiver.heard
    assert len({(one.event, one.body) for one in heard}) == 1
    assert all(one.checked(secret)["type"] == "test" for one in heard)
    delivery, = deliveries(person, hook)
    assert delivery["state"] == "delivered"
    tries = [(one["status"], one["error"]) for one in delivery["attempts"]]
    assert tries[0] == (500, "The endpoint answered 500.") and tries[2] == (302, "The endpoint answered 302.")
    assert tries[1] == (None, "The host cannot be reached, has no valid certificate, or breaks off.") and tries[3] == (200, None)
    assert row_of(owner, person, "HOOKS")["endpoints"][0]["failing"] is None, "it works again"


def test_of_several_messages_only_those_come_again_that_could_not_be_read(person, owner, receiver):
    """Seven deliveries, one of them in a row of a newer release, and three messages that say nothing, in one batch."""
    receiver.answer = lambda heard: 503
    hook, _ = make_hook(person, receiver.url)
    for _ in range(7):
        person.post(f"{hook}/test")
    settled(owner, person, receiver, 7)
    rows = [row for row in owner.rows(user_of(person)) if row["sk"].startswith("DLV#")]
    for row in rows:
        owner.hurry(row)
    owner.set(rows[0], state="paused")
    refused = rows[1]["event"]
    receiver.answer = lambda heard: 503 if heard.event == refused else 204
    newer = message(rows[2])["body"].replace('"v": 1', '"v": 2')
    poison = [{"messageId": name, "receiptHandle": "a-receipt", "body": body} for name, body in (("none", ""), ("text", "{"), ("newer", newer))]
    said = owner.run_webhooks(*poison[:2], *map(message, rows), poison[2])
    assert [one["itemIdentifier"] for one in said["batchItemFailures"]] == ["none", "text", rows[0]["event"], "newer"]
    assert sorted(heard.event for heard in receiver.heard[7:]) == sorted(row["event"] for row in rows[1:]), "each of the others, once"
    state = lambda: {row["event"]: row["state"] for row in owner.rows(user_of(person)) if row["sk"].startswith("DLV#")}  # noqa: E731
    assert state() == {row["event"]: "delivered" for row in rows} | {rows[0]["event"]: "paused", refused: "waiting"}
    # The one that came again, and once its row can be read.
    owner.set(rows[0], state="waiting")
    assert owner.run_webhooks(message(rows[0])) == {"batchItemFailures": []}
    assert state()[rows[0]["event"]] == "delivered" and len(receiver.heard) == 14


def test_a_delivery_without_a_message_is_found_by_the_clock(person, owner, receiver):
    """As if whoever ended the generation had died before it sent the message."""
    receiver.answer = lambda heard: 500 if len(receiver.heard) == 0 else 200
    hook = tried_hook(owner, person, receiver)
    owner.hurry(row_of(owner, person, "DLV#"))
    assert owner.run_upkeep()["deliveries"] >= 1
    settled(owner, person, receiver, 2)
    assert deliveries(person, hook)[0]["state"] == "delivered"


def test_whoever_answers_410_is_switched_off_and_its_owner_hears_of_it(person, owner, receiver):
    receiver.answer = lambda heard: 410
    hook = tried_hook(owner, person, receiver)
    webhook = owner.until(lambda: next(one for one in person.get(HOOKS).json()["items"] if one["off"]))
    assert (webhook["enabled"], webhook["off"]) == (False, "gone")
    assert deliveries(person, hook)[0]["state"] == "failed"
    assert kind_of(person.post(f"{hook}/test")) == (409, "/problems/webhook-off")
    owner.run_upkeep()
    mail, = owner.mails(person.get("/api/me").json()["email"])
    assert mail["subject"] == "A webhook was switched off" and "410" in mail["text"]
    # Switched on again, what it missed is sent again, with the same id.
    receiver.answer = lambda heard: 200
    assert person.change("PATCH", hook, {"enabled": True}).json()["off"] is None
    missed = deliveries(person, hook)[0]["id"]
    assert person.post(f"{hook}/deliveries/{missed}/send").json()["state"] == "waiting"
    settled(owner, person, receiver, 2)
    assert {one.event for one in receiver.heard} == {missed}
    assert deliveries(person, hook)[0]["state"] == "delivered"


def test_an_endpoint_that_failed_for_three_days_is_switched_off(person, owner, receiver):
    receiver.answer = lambda heard: 503
    hook = tried_hook(owner, person, receiver)
    since = owner.until(lambda: row_of(owner, person, "HOOKS")["endpoints"][0]["failing"])
    owner.set_failing(row_of(owner, person, "HOOKS"), since - 3 * 24 * 3600 * 1000)
    attempt(owner, person)
    assert person.get(HOOKS).json()["items"][0]["off"] == "failing"
    # What still waits for it is given up without a try.
    tries = len(receiver.heard)
    attempt(owner, person)
    assert (len(receiver.heard), deliveries(person, hook)[0]["state"]) == (tries, "failed")
    owner.run_upkeep()
    mail, = owner.mails(person.get("/api/me").json()["email"])
    assert "failed for three days" in mail["text"]


def test_both_secrets_sign_after_a_rotation_and_none_is_shown_again(person, owner, receiver):
    hook, old = make_hook(person, receiver.url)
    rotated = person.post(f"{hook}/secret")
    new = rotated.json()["secret"]
    assert rotated.status_code == 200 and new != old
    person.post(f"{hook}/test")
    heard, = receiver.wait(len)
    assert heard.checked(new) == heard.checked(old)
    assert len(heard.headers["webhook-signature"].split()) == 2
    for path in (HOOKS, f"{hook}/deliveries"):
        assert "whsec_" not in person.get(path).text
    person.post("/api/me/exports")
    owner.run_privacy()
    export = person.get("/api/me/exports").json()["items"][0]
    hooks = file_of(person, export).read("webhooks-1.json").decode()
    assert "whsec_" not in hooks and json.loads(hooks)[0]["endpoints"][0]["url"] == receiver.url


REFUSED = [
    ("https://127.0.0.1/", "The address does not lead to the public internet."),
    ("https://localhost/", "The address does not lead to the public internet."),
    ("https://169.254.169.254/latest/meta-data/", "The address does not lead to the public internet."),
    ("https://0x7f.1/", "The address does not lead to the public internet."),
    ("https://[::ffff:10.0.0.1]/", "The address does not lead to the public internet."),
    ("https://10.0.0.1/", "The address does not lead to the public internet."),
    ("http://example.com/", "The address must begin with https://."),
    ("http://127.0.0.1:1/", "The address must begin with https://."),
    ("https://user:password@example.com/", "The address must not hold a name or password."),
    ("https://example.com:8443/", "The address names port 8443, only 443 is taken."),
    ("nonsense", "The address cannot be read."),
]


def test_no_webhook_leads_into_our_own_network(person, owner, receiver):
    hook, _ = make_hook(person, receiver.url)
    for url, why in REFUSED:
        for refused in (person.post(HOOKS, {"url": url, "kinds": KINDS}), person.change("PATCH", hook, {"url": url})):
            assert kind_of(refused) == (422, "/problems/invalid"), url
            assert refused.json()["errors"] == [{"pointer": "/url", "detail": why}], url


@pytest.mark.parametrize("url", [url for url, _ in REFUSED])
def test_an_address_that_was_good_once_is_checked_again_at_every_try(person, owner, receiver, url):
    """As if the name of a good address had been pointed somewhere else since."""
    hook, _ = make_hook(person, receiver.url)
    owner.set_url(row_of(owner, person, "HOOKS"), url)
    person.post(f"{hook}/test")
    delivery = owner.until(lambda: next(one for one in deliveries(person, hook) if one["attempts"]))
    assert (delivery["state"], delivery["attempts"][0]["status"], delivery["attempts"][0]["error"]) == ("waiting", None, dict(REFUSED)[url])
    assert receiver.heard == []


def test_another_s_webhook_is_not_there(person, stranger, owner, receiver):
    hook = tried_hook(owner, person, receiver)
    event = deliveries(person, hook)[0]["id"]
    for method, path in (
        ("PATCH", hook), ("DELETE", hook), ("POST", f"{hook}/secret"), ("POST", f"{hook}/test"),
        ("GET", f"{hook}/deliveries"), ("POST", f"{hook}/deliveries/{event}/send"),
    ):
        assert kind_of(stranger.change(method, path, {} if method == "PATCH" else None)) == (404, "/problems/not-found"), path
    other, _ = make_hook(person, receiver.url)
    assert person.post(f"{other}/deliveries/{event}/send").status_code == 404, "a delivery of another webhook"
    assert person.delete(hook).status_code == 204 and person.get(f"{hook}/deliveries").status_code == 404


def test_what_waits_for_a_deleted_webhook_is_forgotten(person, owner, receiver):
    receiver.answer = lambda heard: 500
    hook = tried_hook(owner, person, receiver)
    assert person.delete(hook).status_code == 204
    attempt(owner, person)
    assert len(receiver.heard) == 1 and not [row for row in owner.rows(user_of(person)) if row["sk"].startswith("DLV#")]


def test_ten_webhooks_are_enough_and_wrong_ones_are_named(person, receiver):
    for _ in range(10):
        make_hook(person, receiver.url)
    assert kind_of(person.post(HOOKS, {"url": receiver.url, "kinds": KINDS})) == (409, "/problems/too-many-webhooks")
    for body, pointer in (
        ({"url": receiver.url, "kinds": []}, "/kinds"), ({"url": receiver.url, "kinds": ["test"]}, "/kinds/0"),
        ({"url": receiver.url, "kinds": KINDS, "secret": "mine"}, "/secret"),
    ):
        assert person.post(HOOKS, body).json()["errors"][0]["pointer"] == pointer
    deeds = {line["deed"] for line in person.get("/api/me/activity").json()["items"]}
    assert "webhooks_changed" in deeds


def test_deliveries_come_in_pages_newest_first(person, owner, receiver):
    hook, _ = make_hook(person, receiver.url)
    sent = [person.post(f"{hook}/test").json()["id"] for _ in range(3)]
    first = person.get(f"{hook}/deliveries?limit=2").json()
    second = person.get(f"{hook}/deliveries?limit=2&cursor={first['next_cursor']}").json()
    assert [one["id"] for one in first["items"] + second["items"]] == sorted(sent, reverse=True)
    assert person.get(f"{hook}/deliveries?cursor=gen_1").status_code == 422
    receiver.wait(lambda heard: len(heard) == 3)
