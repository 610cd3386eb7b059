"""Compares Stripe's payments of a period with the books, and lists what differs.

    python reconcile.py --table imageto3d-prod --stripe-key-secret imageto3d/prod/stripe-key --since 2026-11-01 --until 2026-12-01

Reads only: the table (a whole scan) with the operator's AWS credentials, and Stripe's charges with the key of that secret.
Ends with 0 if everything agrees, 1 if something differs, 2 if it could not look. `--stripe` and `--endpoint` name
stand-ins, as on a laptop.
"""

import argparse
import datetime
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

import botocore.exceptions
import botocore.session

PAGE = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", required=True)
    parser.add_argument("--stripe-key-secret", required=True)
    parser.add_argument("--since", required=True, type=day, help="the first day, UTC")
    parser.add_argument("--until", required=True, type=day, help="the day after the last, UTC")
    parser.add_argument("--stripe", default="https://api.stripe.com")
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    session = botocore.session.Session()
    try:
        key = secret_key(session, arguments)
        charges = list(succeeded(arguments.stripe, key, arguments.since, arguments.until))
        books = Books(rows(session, arguments))
        differences = [*compare(charges, books, arguments.since, arguments.until), *books.open]
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, urllib.error.URLError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(differences) or f"{len(charges)} payments agree with the books")
    return 1 if differences else 0


def day(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp())


def secret_key(session, arguments) -> str:
    secrets = session.create_client("secretsmanager", endpoint_url=arguments.endpoint)
    return json.loads(secrets.get_secret_value(SecretId=arguments.stripe_key_secret)["SecretString"])["secret_key"]


def succeeded(stripe: str, key: str, since: int, until: int):
    """Stripe's charges that were paid, page by page."""
    after = {}
    while True:
        query = urllib.parse.urlencode({"limit": PAGE, "created[gte]": since, "created[lt]": until} | after)
        request = urllib.request.Request(f"{stripe}/v1/charges?{query}", headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            page = json.load(answer)
        yield from (charge for charge in page["data"] if charge["status"] == "succeeded" and charge["payment_intent"])
        if not page["has_more"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}


def rows(session, arguments):
    """Every row of the table that is about money."""
    pages = session.create_client("dynamodb", endpoint_url=arguments.endpoint).get_paginator("scan").paginate(
        TableName=arguments.table, ConsistentRead=True,
        FilterExpression="begins_with(pk, :payment) OR begins_with(pk, :intent) OR begins_with(sk, :entry) OR (sk = :event AND #status = :open)",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":payment": {"S": "PAY#"}, ":intent": {"S": "PI#"}, ":entry": {"S": "E#pay#"}, ":event": {"S": "EVT"}, ":open": {"S": "open"},
        },
    )
    for page in pages:
        yield from page["Items"]


class Books:
    """What the books say of money, by Stripe's ids."""

    def __init__(self, items) -> None:
        self.payments, self.charges, self.grants = {}, {}, {}
        self.open = []
        for item in items:
            if item["sk"]["S"] == "EVT":
                self.open.append(f"{item['id']['S']} ({item['kind']['S']}) waits for somebody: {item['why']['S']}")
            elif item["sk"]["S"] == "PAY":
                # Of what is untold only the payment came: an invoice of something else that is sold with the same account.
                if item["outcome"]["S"] != "untold":
                    self.payments[item["id"]["S"]] = item
            elif item["sk"]["S"] == "PI":
                self.charges[item["intent"]["S"]] = item
            elif item["sk"]["S"].endswith("#grant"):
                self.grants[item["sk"]["S"].split("#")[2]] = int(item["at"]["N"]) // 1000


def compare(charges: list[dict], books: Books, since: int, until: int) -> list[str]:
    """What differs, a sentence each."""
    found = []
    for charge in charges:
        name = f"{charge['payment_intent']} ({charge['amount']} {charge['currency']})"
        known = books.charges.get(charge["payment_intent"], {})
        payment = books.payments.get(known.get("payment", {}).get("S", ""))
        if payment is None:
            found.append(f"{name} was paid, and the books do not know it")
            continue
        if payment["id"]["S"] not in books.grants:
            found.append(f"{name} was paid, and its credits were not given")
        paid = payment["paid"]["M"]
        if (int(paid["minor"]["N"]), paid["currency"]["S"]) != (charge["amount"], charge["currency"]):
            found.append(f"{name}: the books have {paid['minor']['N']} {paid['currency']['S']}")
        if int(known["refunded"]["N"]) != charge["amount_refunded"]:
            found.append(f"{name}: {charge['amount_refunded']} went back, the books have {known['refunded']['N']}")
    paid = {charge["payment_intent"] for charge in charges}
    for name, at in sorted(books.grants.items()):
        payment = books.payments.get(name)
        if payment is None:
            found.append(f"{name} gave credits, and the books do not know the purchase")
        # An hour at both ends: money and credits come at different moments.
        elif "S" in payment["intent"] and payment["intent"]["S"] not in paid and since + 3600 <= at < until - 3600:
            found.append(f"{name} gave credits, and Stripe has no payment {payment['intent']['S']} in this period")
    return found


if __name__ == "__main__":
    sys.exit(main())
