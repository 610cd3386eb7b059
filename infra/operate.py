"""What an operator does by hand. Each deed is written into the audit log, in the same transaction where it changes rows.

    python operate.py grant    --stage prod --user usr_… --credits 5 --why "lost a morning on the 12th"
    python operate.py refund   --stage prod --generation gen_… --why "the model has no back"      its price, once
    python operate.py block    --stage prod --user usr_… --why "pays with stolen cards"           or --email a@example.com
    python operate.py unblock  --stage prod --user usr_… --why "it was not them"
    python operate.py find     --stage prod --generation gen_… --why "asked by mail"              where it stands, and why
    python operate.py replay   --stage prod --event evt_… --why "mended, see runbook payments-open"
    python operate.py redrive  --stage prod --why "the queue's reader is mended"                  or --queue webhooks
    python operate.py audit    --stage prod --month 2026-11             what was done, by whom

Credentials and region are the environment's; the caller's ARN stands in the log. `--endpoint` and `--stripe` name stand-ins, as on
a laptop.
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

import block as blocking
from desk import Desk, Refused

TRIES = 5
QUEUES = ("generations", "webhooks")


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


def block(desk: Desk, user: str | None, email: str | None) -> str:
    return blocking.change(desk, user or blocking.user_of(desk, email), undo=False)


def unblock(desk: Desk, user: str | None, email: str | None) -> str:
    return blocking.change(desk, user or blocking.user_of(desk, email), undo=True)


def find(desk: Desk, generation: str) -> str:
    """Looking at somebody's work is a deed as well."""
    item = desk.generation(generation)
    desk.write_down("find", item["user"]["S"], generation)
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
    desk.write_down("replay", "", event)
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


def redrive(desk: Desk, queue: str) -> str:
    """Puts the dead letters back into their queue, each with its trace: sent first, so that none is lost if this ends half-way."""
    sqs = desk.client("sqs")
    alive, dead = (sqs.get_queue_url(QueueName=f"{desk.name}-{name}")["QueueUrl"] for name in (queue, f"{queue}-dead"))
    desk.write_down("redrive", "", queue)
    moved = 0
    while letters := sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageSystemAttributeNames=["AWSTraceHeader"]).get("Messages"):
        for letter in letters:
            trace = {name: {"DataType": "String", "StringValue": value} for name, value in letter.get("Attributes", {}).items() if name == "AWSTraceHeader"}
            sqs.send_message(QueueUrl=alive, MessageBody=letter["Body"], **({"MessageSystemAttributes": trace} if trace else {}))
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=letter["ReceiptHandle"])
            moved += 1
    return f"{moved} messages went back into {queue}"


def audit(desk: Desk, month: str) -> str:
    pages = desk.table.get_paginator("query").paginate(
        TableName=desk.name, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": f"AUDIT#{month}"}})
    lines = [(item["sk"]["S"][:10], item["deed"]["S"], item["about"]["S"], item["by"]["S"], item["why"]["S"]) for page in pages for item in page["Items"]]
    return "\n".join(f"{time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(int(at)))}  {'  '.join(rest)}" for at, *rest in lines) or f"nothing was done in {month}"


# What each deed takes beside a reason; of `user|email` one is enough.
DEEDS = {
    grant: ("user", "credits"), refund: ("generation",), block: ("user|email",), unblock: ("user|email",), find: ("generation",),
    replay: ("event", "stripe"), redrive: ("queue",), audit: ("month",),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    deeds = {deed.__name__: deed for deed in DEEDS}
    parser.add_argument("deed", choices=deeds)
    parser.add_argument("--stage", required=True)
    for name in ("user", "email", "generation", "event", "month", "endpoint"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--why", default="", help="for whoever asks later; of a block, the person may read it")
    parser.add_argument("--credits", type=int)
    parser.add_argument("--queue", choices=QUEUES, default=QUEUES[0])
    parser.add_argument("--stripe", default="https://api.stripe.com")
    arguments = parser.parse_args()
    deed = deeds[arguments.deed]
    needed = (*DEEDS[deed], *(() if deed is audit else ("why",)))
    if missing := [name for name in needed if not any(getattr(arguments, each) for each in name.split("|"))]:
        parser.error(f"{arguments.deed} needs {', '.join(f'--{name}'.replace('|', ' or --') for name in missing)}")
    session = botocore.session.Session()
    try:
        desk = Desk(arguments.stage, arguments.why, lambda service: session.create_client(service, endpoint_url=arguments.endpoint), time.time_ns() // 1_000_000)
        print(deed(desk, *(getattr(arguments, each) for name in DEEDS[deed] for each in name.split("|"))))
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, OSError, Refused) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
