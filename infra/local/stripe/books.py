"""What the fake Stripe knows: customers, checkouts, payments, subscriptions; all in memory."""

import re
import threading
import time
import uuid

from events import Post

MONTH_S = 30 * 24 * 3600


class Fault(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status: int, message: str, kind: str = "invalid_request_error", code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.kind, self.code = status, kind, code


def named(kind: str) -> str:
    return f"{kind}_{uuid.uuid4().hex}"


def public(thing: dict) -> dict:
    """Without what only the stand-in keeps."""
    return {key: value for key, value in thing.items() if not key.startswith("_")}


class Books:
    """Everything; one thing at a time."""

    def __init__(self, address: str, post: Post) -> None:
        self.address, self.post = address, post
        self.customers: dict[str, dict] = {}
        self.sessions: dict[str, dict] = {}
        self.subscriptions: dict[str, dict] = {}
        self.portals: dict[str, str] = {}
        self.charges: dict[str, dict] = {}
        self.keys: dict[str, tuple[dict, dict]] = {}
        self.offline = False
        self._lose = False
        self.lock = threading.RLock()

    def call(self, path: str, form: dict, key: str | None) -> dict:
        """An API call; with the same key and form it answers the same."""
        with self.lock:
            if key in self.keys:
                before, made = self.keys[key]
                if before != form:
                    raise Fault(400, "Keys for idempotent requests can only be used with the same parameters.", "idempotency_error")
                return made
            made = self._done(path, form)
            if key:
                self.keys[key] = (form, made)
            return made

    def loses_next(self) -> bool:
        lose, self._lose = self._lose, False
        return lose

    def _done(self, path: str, form: dict) -> dict:
        calls = [
            (r"/v1/customers", self._customer), (r"/v1/customers/(cus_\w+)", self._write_customer),
            (r"/v1/checkout/sessions", self._checkout), (r"/v1/checkout/sessions/(cs_test_\w+)/expire", self._expire),
            (r"/v1/billing_portal/sessions", self._portal),
        ]
        for pattern, call in calls:
            if match := re.fullmatch(pattern, path):
                return call(*match.groups(), form)
        raise Fault(404, "Unrecognized request URL")

    def _customer(self, form: dict) -> dict:
        customer = {"id": named("cus"), "object": "customer", "email": None, "metadata": {"acct": form["metadata[acct]"]}}
        self.customers[customer["id"]] = customer
        return customer

    def _write_customer(self, name: str, form: dict) -> dict:
        self._known(name)
        self.customers[name] |= {field: form[field] for field in form.keys() & {"email"}}
        return self.customers[name]

    def _checkout(self, form: dict) -> dict:
        line = {
            "name": form["line_items[0][price_data][product_data][name]"], "currency": form["line_items[0][price_data][currency]"],
            "amount": int(form["line_items[0][price_data][unit_amount]"]),
        }
        mode = form["mode"]
        if mode not in ("payment", "subscription") or (mode == "subscription") != ("line_items[0][price_data][recurring][interval]" in form):
            raise Fault(400, "the mode does not fit the price")
        inner = "payment_intent_data" if mode == "payment" else "subscription_data"
        marks = {"acct": form["metadata[acct]"], "product": form["metadata[product]"]}
        if {name: form.get(f"{inner}[metadata][{name}]") for name in marks} != marks:
            raise Fault(400, f"{inner} has other metadata than the session")
        customer = form.get("customer")
        self._known(customer)
        # None of them has an address here.
        if form.get("automatic_tax[enabled]") == "true" and form.get("customer_update[address]") != "auto":
            said = "Automatic tax calculation in Checkout requires a valid address on the Customer, or customer_update[address]: auto."
            raise Fault(400, said, code="customer_tax_location_invalid")
        session = {
            "id": "cs_test_" + uuid.uuid4().hex, "object": "checkout.session", "mode": mode, "status": "open", "payment_status": "unpaid",
            "client_reference_id": form["client_reference_id"], "metadata": marks, "amount_total": line["amount"],
            "currency": line["currency"], "customer": customer, "livemode": False,
            "payment_intent": named("pi") if mode == "payment" else None, "subscription": None, "invoice": None,
            "_line": line, "_success": form["success_url"], "_cancel": form["cancel_url"],
        }
        session["url"] = f"{self.address}/c/pay/{session['id']}"
        self.sessions[session["id"]] = session
        return session

    def _known(self, customer: str | None) -> None:
        if customer not in self.customers:
            raise Fault(400, f"No such customer: '{customer}'", code="resource_missing")

    def _expire(self, name: str, _form: dict) -> dict:
        session = self.session(name)
        if session["status"] != "open":
            raise Fault(400, "Only Checkout Sessions with a status in [\"open\"] can be expired.")
        session["status"] = "expired"
        self.post.event("checkout.session.expired", session)
        return session

    def _portal(self, form: dict) -> dict:
        self._known(form["customer"])
        self.portals[form["customer"]] = form["return_url"]
        return {"id": named("bps"), "object": "billing_portal.session", "url": f"{self.address}/p/session/{form['customer']}"}

    def _charge(self, intent: str, session: dict) -> None:
        """The money has come."""
        self.charges[intent] = {
            "id": named("ch"), "object": "charge", "payment_intent": intent, "status": "succeeded", "created": int(time.time()),
            "amount": session["amount_total"], "amount_refunded": 0, "currency": session["currency"],
        }

    def listed(self, path: str, query: dict) -> dict:
        """A page of what there is, newest first."""
        with self.lock:
            if path == "/v1/charges":
                since, until = int(query["created[gte]"]), int(query["created[lt]"])
                all_of_it = [charge for charge in self.charges.values() if since <= charge["created"] < until]
            else:
                self._known(query["customer"])
                kind = {"/v1/checkout/sessions": self.sessions, "/v1/subscriptions": self.subscriptions}[path]
                all_of_it = [one for one in kind.values() if one["customer"] == query["customer"] and one["status"] == query.get("status", one["status"])]
                if path == "/v1/subscriptions":
                    all_of_it = [one for one in all_of_it if one["status"] != "canceled"]
        found = [public(one) for one in reversed(all_of_it)]
        ids = [one["id"] for one in found]
        start = ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
        end = start + int(query["limit"])
        return {"object": "list", "data": found[start:end], "has_more": end < len(found)}

    def told(self, name: str | None) -> dict:
        """An event, or all of them, newest first; whether they have arrived does not matter."""
        with self.post.lock:
            made = dict(self.post.made)
        if name is None:
            return {"object": "list", "data": list(reversed(made.values())), "has_more": False}
        if name not in made:
            raise Fault(404, f"No such event: '{name}'")
        return made[name]

    def session(self, name: str) -> dict:
        if name not in self.sessions:
            raise Fault(404, f"No such checkout.session: '{name}'")
        return self.sessions[name]

    def pay(self, name: str, how: str) -> str:
        """What a person does on the page; gives the address they go to."""
        with self.lock:
            session = self.session(name)
            if how == "cancel":
                return session["_cancel"]
            back = session["_success"].replace("{CHECKOUT_SESSION_ID}", name)
            if session["status"] == "complete":
                return back
            if session["status"] == "expired":
                raise Fault(400, "This page has expired.")
            session["_declined"] = how == "declined"
            if how == "declined":
                return session["url"]
            session["status"] = "complete"
            if how == "card":
                session["payment_status"] = "paid"
                if session["mode"] == "payment":
                    self._charge(session["payment_intent"], session)
            if session["mode"] == "subscription":
                session["invoice"] = named("in")
                self._subscribe(session)
            self.post.event("checkout.session.completed", session)
            return back

    def _subscribe(self, session: dict) -> None:
        subscription = {
            "id": named("sub"), "object": "subscription", "customer": session["customer"], "status": "active", "metadata": session["metadata"],
            "cancel_at_period_end": False, "items": {"data": [{"current_period_end": int(time.time()) + MONTH_S}]}, "_session": session,
        }
        session["subscription"] = subscription["id"]
        self.subscriptions[session["id"]] = subscription
        self.post.event("customer.subscription.created", subscription)
        self._invoice(session, session["invoice"], "subscription_create")

    def _invoice(self, session: dict, invoice: str, reason: str) -> None:
        intent = named("pi")
        session["_intent"] = intent
        self._charge(intent, session)
        details = {"subscription": session["subscription"], "metadata": session["metadata"]}
        self.post.event("invoice.paid", {
            "id": invoice, "object": "invoice", "billing_reason": reason, "customer": session["customer"],
            "amount_paid": session["amount_total"], "currency": session["currency"],
            "parent": {"type": "subscription_details", "subscription_details": details},
        })
        self.post.event("invoice_payment.paid", {"id": named("inpay"), "invoice": invoice, "payment": {"type": "payment_intent", "payment_intent": intent}})

    def subscription_of(self, customer: str) -> dict | None:
        return next((one for one in self.subscriptions.values() if one["customer"] == customer and one["status"] == "active"), None)

    def cancel_subscription(self, customer: str) -> str:
        with self.lock:
            self._cancel(customer)
            return self.portals[customer]

    def _cancel(self, customer: str) -> None:
        while subscription := self.subscription_of(customer):
            subscription["status"] = "canceled"
            self.post.event("customer.subscription.deleted", subscription)

    def delete_customer(self, customer: str) -> dict:
        """The customer goes for good, and a subscription that runs with it."""
        with self.lock:
            self._known(customer)
            del self.customers[customer]
            self._cancel(customer)
            self.post.event("customer.deleted", {"id": customer, "object": "customer"})
            return {"id": customer, "object": "customer", "deleted": True}

    def control(self, name: str, wish: dict) -> dict:
        """What a test orders: see CONTROLS in fake.py."""
        with self.lock:
            if name == "offline":
                self.offline = wish["on"]
            elif name == "lose_next":
                self._lose = True
            elif name == "twice":
                self.post.thrice = wish["on"]
            elif name == "hold":
                self.post.hold(wish["on"])
            else:
                self._happen(name, self.session(wish["checkout"]), wish)
            return {"done": name}

    def _happen(self, name: str, session: dict, wish: dict) -> None:
        intent = session.get("_intent") or session["payment_intent"]
        if name == "refund":
            charge = self.charges[intent]
            charge["amount_refunded"] += wish["minor"]
            self.post.event("charge.refunded", dict(charge))
        elif name == "dispute":
            self._dispute(session, intent, wish["state"])
        elif name == "arrive":
            session["payment_status"] = "paid" if wish["good"] else "unpaid"
            if wish["good"]:
                self._charge(intent, session)
            self.post.event(f"checkout.session.async_payment_{'succeeded' if wish['good'] else 'failed'}", session)
        elif name == "delete_customer":
            self.customers.pop(session["customer"], None)
        elif name == "renew":
            self._invoice(session, named("in"), "subscription_cycle")
        else:
            raise Fault(404, f"there is no {name}")

    def _dispute(self, session: dict, intent: str, state: str) -> None:
        """A question first, if its state begins with `warning`; the money is withdrawn when it is a real one."""
        told = ["created"] if "_dispute" not in session else []
        if state == "needs_response":
            told.append("funds_withdrawn")
        if state in ("won", "lost", "warning_closed"):
            told = ["closed"]
        session.setdefault("_dispute", named("dp"))
        for kind in told:
            self.post.event(f"charge.dispute.{kind}", {"id": session["_dispute"], "object": "dispute", "payment_intent": intent, "status": state})
