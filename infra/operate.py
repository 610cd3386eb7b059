"""What an operator does by hand. Each deed is written into the audit log, in the same transaction where it changes rows.

    python operate.py grant    --stage prod --user usr_… --credits 5 --why "lost a morning on the 12th"
    python operate.py refund   --stage prod --generation gen_… --why "the model has no back"      its price, once
    python operate.py find     --stage prod --generation gen_…          where it stands, and why
    python operate.py replay   --stage prod --event evt_… --why "mended, see runbook payments-open"
    python operate.py redrive  --stage prod --why "the queue's reader is mended"
    python operate.py audit    --stage prod --month 2026-11             what was done, by whom

`block.py` blocks. Credentials and region are the environment's; the caller's ARN stands in the log. `--endpoint` and `--stripe` name
stand-ins, as on a laptop.
"""

import argparse
import hashlib
import hmac
import json
import secrets
import sys
import time
import urllib.request

import botocore.exceptions
import botocore.session

AUDIT_S = 400 * 24 * 3600  # plan.rs: AUDIT_S
TRIES = 5


class Refused(Exception):
    """Why nothing was done, in a sentence."""


class Desk:
    """An operator at work on one stage."""

    def __init__(self, stage: str, why: str, client, now_ms: int) -> None:
        self.stage, self.why, self.client, self.now_ms = stage, why, client, now_ms
        self.table = client("dynamodb")
        self.name = f"imageto3d-{stage}"

    def audit(self, deed: str, whom: str, about: str) -> dict:
        """The line of the log, to be written with the deed; of a person only a hash, since the log outlives accounts."""
        return {"Put": {"TableName": self.name, "ConditionExpression": "attribute_not_exists(pk)", "Item": {
            "pk": {"S": f"AUDIT#{time.strftime('%Y-%m', time.gmtime(self.now_ms // 1000))}"},
            "sk": {"S": f"{self.now_ms:013}#{secrets.token_hex(10).upper()}"},
            "by": {"S": self.client("sts").get_caller_identity()["Arn"]}, "deed": {"S": deed}, "about": {"S": about},
            "whom": {"S": hashlib.sha256(whom.encode()).hexdigest() if whom else ""}, "why": {"S": self.why},
            "ttl": {"N": str(self.now_ms // 1000 + AUDIT_S)},
        }}}

    def row(self, pk: str, sk: str) -> dict | None:
        return self.table.get_item(TableName=self.name, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True).get("Item")

    def generation(self, generation: str) -> dict:
        """Reads the whole table, since only its owner's rows hold it."""
        pages = self.table.get_paginator("scan").paginate(
            TableName=self.name, ConsistentRead=True, FilterExpression="sk = :sk AND begins_with(pk, :user)",
            ExpressionAttributeValues={":sk": {"S": f"GEN#{generation}"}, ":user": {"S": "USER#"}})
        for page in pages:
            for item in page["Items"]:
                return item
        raise Refused(f"there is no {generation}")


def grant(desk: Desk, user: str, credits: int, source: str | None = None, deed: str = "grant", about: str = "") -> str:
    """Adds credits as shared/domain/src/credits.rs does it: a debt is paid first, and the entry says the same as the wallet."""
    if not 0 < credits <= 1000:
        raise Refused(f"{credits} credits are not between 1 and 1000")
    profile = desk.row(f"USER#{user}", "PROFILE")
    if profile is None:
        raise Refused(f"nobody is {user}")
    account = profile["account"]["S"]
    source = source or f"operator#{desk.now_ms}#{secrets.token_hex(4)}"
    for _ in range(TRIES):
        wallet = desk.row(f"ACCT#{account}", "WALLET")
        if wallet is None:
            raise Refused(f"{account} has no wallet")
        if desk.row(f"ACCT#{account}", f"E#{source}"):
            raise Refused(f"{source} was given already; nothing was changed")
        try:
            desk.table.transact_write_items(TransactItems=[*_posting(desk, account, wallet, credits, source), desk.audit(deed, user, about or f"{credits} credits")])
        except desk.table.exceptions.TransactionCanceledException:
            continue  # the wallet moved: read again
        return f"{credits} credits were given to {user}"
    raise Refused(f"the wallet of {user} kept moving: try again")


def _posting(desk: Desk, account: str, wallet: dict, credits: int, source: str) -> list[dict]:
    available, held, debt, version = (int(wallet[name]["N"]) for name in ("available", "held", "debt", "version"))
    paid = min(credits, debt)
    entry = {"sequence": version + 1, "available": credits - paid, "held": 0, "debt": -paid, "outside": -credits, "at": desk.now_ms}
    return [
        {"Update": {
            "TableName": desk.name, "Key": {"pk": {"S": f"ACCT#{account}"}, "sk": {"S": "WALLET"}},
            "UpdateExpression": "SET available = :available, debt = :debt, #version = :next", "ConditionExpression": "#version = :read AND held = :held",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {
                ":available": {"N": str(available + credits - paid)}, ":debt": {"N": str(debt - paid)}, ":next": {"N": str(version + 1)},
                ":read": {"N": str(version)}, ":held": {"N": str(held)}},
        }},
        {"Put": {"TableName": desk.name, "ConditionExpression": "attribute_not_exists(pk)", "Item": {
            "pk": {"S": f"ACCT#{account}"}, "sk": {"S": f"E#{source}"}, "gsi1pk": {"S": f"ACCT#{account}"}, "gsi1sk": {"S": f"{version + 1:012}"},
            "source": {"S": source}, "kind": {"S": "give_back"}, **{name: {"N": str(value)} for name, value in entry.items()},
        }}},
    ]


def refund(desk: Desk, generation: str) -> str:
    """The price of a model that came out badly; its entry can exist once."""
    item = desk.generation(generation)
    if item["status"]["S"] != "SUCCEEDED":
        raise Refused(f"{generation} is {item['status']['S']}: only a model that was paid for is refunded")
    return grant(desk, item["user"]["S"], int(item["price"]["N"]), f"gen#{generation}#refund", "refund", generation)


def find(desk: Desk, generation: str) -> str:
    item = desk.generation(generation)
    shown = {name: next(iter(item[name].values())) for name in ("status", "stage", "claim", "attempts", "created", "updated", "due", "deadline", "user", "account", "price") if name in item}
    failure = item.get("failure", {}).get("M", {})
    return json.dumps(shown | {"failure": failure.get("type", {}).get("S"), "files": len(item["files"]["L"])}, indent=2)


def replay(desk: Desk, event: str, stripe: str) -> str:
    """Takes the event from Stripe and gives it to stripe-webhook as Stripe would: signed, through the same function."""
    manager = desk.client("secretsmanager")
    read = lambda name: json.loads(manager.get_secret_value(SecretId=f"imageto3d/{desk.stage}/{name}")["SecretString"])  # noqa: E731
    request = urllib.request.Request(f"{stripe}/v1/events/{event}", headers={"Authorization": f"Bearer {read('stripe-key')['secret_key']}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body = answer.read().decode()
    desk.table.transact_write_items(TransactItems=[desk.audit("replay", "", event)])
    at = desk.now_ms // 1000
    signed = hmac.new(read("stripe-webhook")[0]["secret"].encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    told = desk.client("lambda").invoke(FunctionName=f"{desk.name}-stripe-webhook", Payload=json.dumps(
        _http(body, {"stripe-signature": f"t={at},v1={signed}", "content-type": "application/json", "x-origin-verify": read("origin")["current"]})))
    status = json.loads(told["Payload"].read()).get("statusCode")
    if status != 200:
        raise Refused(f"stripe-webhook answered {status} to {event}: its log says why")
    return f"{event} was taken"


def _http(body: str, headers: dict[str, str]) -> dict:
    key = "POST /api/stripe/webhook"
    return {
        "version": "2.0", "routeKey": key, "rawPath": "/api/stripe/webhook", "rawQueryString": "", "headers": headers, "body": body, "isBase64Encoded": False,
        "requestContext": {
            "accountId": "000000000000", "apiId": "operator", "domainName": "operator", "domainPrefix": "operator", "requestId": "operator",
            "routeKey": key, "stage": "$default", "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 0,
            "http": {"method": "POST", "path": "/api/stripe/webhook", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "operator"}},
    }


def redrive(desk: Desk) -> str:
    """Puts the dead letters back into their queue."""
    sqs = desk.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{desk.name}-generations-dead")["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "ApproximateNumberOfMessages"])["Attributes"]
    desk.table.transact_write_items(TransactItems=[desk.audit("redrive", "", told["QueueArn"])])
    sqs.start_message_move_task(SourceArn=told["QueueArn"])
    return f"{told['ApproximateNumberOfMessages']} messages go back"


def audit(desk: Desk, month: str) -> str:
    pages = desk.table.get_paginator("query").paginate(
        TableName=desk.name, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": f"AUDIT#{month}"}})
    lines = [(item["sk"]["S"][:10], item["deed"]["S"], item["about"]["S"], item["by"]["S"], item["why"]["S"]) for page in pages for item in page["Items"]]
    return "\n".join(f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(int(at)))}  {'  '.join(rest)}" for at, *rest in lines) or f"nothing was done in {month}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("deed", choices=["grant", "refund", "find", "replay", "redrive", "audit"])
    parser.add_argument("--stage", required=True)
    for name in ("user", "generation", "event", "month", "endpoint", "why"):
        parser.add_argument(f"--{name}", default="" if name == "why" else None)
    parser.add_argument("--credits", type=int)
    parser.add_argument("--stripe", default="https://api.stripe.com")
    arguments = parser.parse_args()
    session = botocore.session.Session()
    wanted = {"grant": ("user", "credits"), "refund": ("generation",), "find": ("generation",), "replay": ("event",), "redrive": (), "audit": ("month",)}[arguments.deed]
    missing = [name for name in (*wanted, *(() if arguments.deed in ("find", "audit") else ("why",))) if not getattr(arguments, name)]
    if missing:
        parser.error(f"{arguments.deed} needs {', '.join(f'--{name}' for name in missing)}")
    try:
        desk = Desk(arguments.stage, arguments.why, lambda service: session.create_client(service, endpoint_url=arguments.endpoint), time.time_ns() // 1_000_000)
        extra = (arguments.stripe,) if arguments.deed == "replay" else ()
        print(globals()[arguments.deed](desk, *(getattr(arguments, name) for name in wanted), *extra))
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, OSError, Refused) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
