"""The account as a customer of Stripe: one, made before the first page, and gone with the account."""

import uuid

import pytest
import requests
from test_money import arrived, books, buy, fake, stripe, wait_for  # noqa: F401  (fixtures)


@pytest.fixture
def ask(owner, fake):
    """A call of the local Stripe's API, as our client makes them."""
    key = (owner.place.home / "stripe" / "client-secret").read_text()

    def ask(method: str, path: str, **form) -> requests.Response:
        return requests.request(method, f"{fake.address}/v1/{path}", data=form, headers={"Authorization": f"Bearer sk_test_{key}"}, timeout=10)

    return ask


def patron(person, owner) -> dict:
    """What the service knows the person by at Stripe."""
    account = owner.wallet(person.get("/api/me").json()["user_id"])["account"]
    return next(row for row in owner.rows(account) if row["sk"] == "STRIPE")


def test_all_pages_are_of_one_customer_and_one_of_them_begins_a_subscription(person, owner, fake, ask):
    key = uuid.uuid4().hex
    first, once = buy(person, "monthly", key=key).json()["url"], buy(person).json()["url"]
    assert buy(person, "monthly", key=key).json()["url"] == first, "one wish, one page"
    second = buy(person, "monthly").json()["url"]
    assert "expired" in requests.get(first, timeout=10).text
    assert requests.post(first, data={"how": "card"}, timeout=10).status_code == 400
    fake.order("hold", on=True)
    fake.pay(second)
    # Stripe has told nothing yet, and knows it already.
    refused = buy(person, "monthly")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-subscribed")
    fake.order("hold", on=False)
    fake.pay(once)
    for url in (second, once):
        arrived(person, url.rsplit("/", 1)[1])
    known = patron(person, owner)
    sessions = ask("GET", f"checkout/sessions?customer={known['customer']}&limit=100").json()["data"]
    assert len(sessions) == 4 and known["earlier"] == []
    customer = ask("POST", f"customers/{known['customer']}").json()
    assert (customer["metadata"], customer["email"]) == ({"acct": known["account"]}, person.get("/api/me").json()["email"])
    requests.post(person.post("/api/billing/portal").json()["url"], timeout=10)
    wait_for(lambda: person.get("/api/billing").json()["subscription"] is None, "the end of the subscription")
    assert buy(person, "monthly").status_code == 201, "the old one is over"


def test_whoever_leaves_leaves_no_customer_and_no_subscription(person, owner, fake, stripe, ask):
    # A customer of before, of whom Stripe tells late.
    other = ask("POST", "customers", **{"metadata[acct]": stripe.account}).json()["id"]
    stripe.tell("checkout.session.completed", stripe.checkout() | {"customer": other})
    url = buy(person, "monthly").json()["url"]
    fake.pay(url)
    arrived(person, url.rsplit("/", 1)[1])
    assert patron(person, owner)["customer"] == other, "known, and so it is the one who pays"
    again = ask("POST", "customers", **{"metadata[acct]": stripe.account}).json()["id"]
    stripe.tell("customer.subscription.updated", {
        "id": "sub_by_hand", "status": "active", "customer": again, "metadata": {"acct": stripe.account},
    })
    known = patron(person, owner)
    assert (known["customer"], known["earlier"]) == (again, [other])
    user = person.get("/api/me").json()["user_id"]
    assert person.post("/api/me/deletion").status_code == 202
    owner.erase(user)
    for customer in (other, again):
        assert ask("POST", f"customers/{customer}").status_code == 400, "it is deleted"
    ended = [event for event in ask("GET", "events").json()["data"] if event["type"] == "customer.subscription.deleted"]
    assert other in [event["data"]["object"]["customer"] for event in ended]


def test_the_fake_refuses_a_taxed_page_that_may_not_take_the_address(person, owner, ask):
    buy(person)
    marks = {"acct": "acct_1", "product": "starter@1"}
    form = {
        "mode": "payment", "client_reference_id": "acct_1", "success_url": "http://x", "cancel_url": "http://x", "automatic_tax[enabled]": "true",
        "customer": patron(person, owner)["customer"], "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][product_data][name]": "x", "line_items[0][price_data][unit_amount]": "1",
    } | {f"{place}[{name}]": value for place in ("metadata", "payment_intent_data[metadata]") for name, value in marks.items()}
    refused = ask("POST", "checkout/sessions", **form)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "customer_tax_location_invalid")
    assert ask("POST", "checkout/sessions", **form, **{"customer_update[address]": "auto"}).status_code == 200
