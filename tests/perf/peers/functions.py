"""Three of our handlers as one would write them in Python with boto3 and nothing else: which one, HANDLER says.

No framework, no schema, no metrics, no tracing: less than ours do.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import secrets
import time
from datetime import datetime, timezone

import boto3

TABLE = os.environ["TABLE_NAME"]
SIGNED_S = 300


def answer(status: int, body=None, **headers: str) -> dict:
    return {"statusCode": status, "headers": {"content-type": "application/json", "cache-control": "no-store", **headers},
            "body": "" if body is None else json.dumps(body), "isBase64Encoded": False}


def secret(arn: str) -> str:
    return boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def members(handle):
    """Members' handlers: the cookie is a token signed by us, and its session's row must be there."""
    keys = {one["kid"]: base64.b64decode(one["key"]) for one in json.loads(secret(os.environ["SESSION_KEYS_SECRET_ARN"]))["keys"]}
    table = boto3.client("dynamodb")

    def get(pk: str, sk: str) -> dict | None:
        return table.get_item(TableName=TABLE, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True).get("Item")

    def caller(event: dict) -> str | None:
        name = "__Host-session="
        token = next((cookie[len(name):] for cookie in event.get("cookies", []) if cookie.startswith(name)), "")
        head, _, rest = token.partition(".")
        body, _, signature = rest.partition(".")
        if not signature or (key := keys.get(json.loads(bytes_of(head))["kid"])) is None:
            return None
        if not hmac.compare_digest(hmac.digest(key, f"{head}.{body}".encode(), "sha256"), bytes_of(signature)):
            return None
        claims = json.loads(bytes_of(body))
        if claims["aud"] != "session" or claims["exp"] < time.time():
            return None
        return claims["sub"] if get(f"USER#{claims['sub']}", f"SES#{claims['sid']}") else None

    def run(event: dict) -> dict:
        user = caller(event)
        return handle(event, user, get, table) if user else {"statusCode": 401, "body": ""}

    return run


def plain(value: dict):
    (kind, inner), = value.items()
    if kind == "N":
        return float(inner) if "." in inner else int(inner)
    if kind == "M":
        return {name: plain(one) for name, one in inner.items()}
    if kind == "L":
        return [plain(one) for one in inner]
    return None if kind == "NULL" else inner


def instant(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, timezone.utc).isoformat()


def show(event: dict, user: str, get, _table) -> dict:
    item = get(f"USER#{user}", f"GEN#{event['pathParameters']['id']}")
    if item is None:
        return answer(404, {"title": "Not found"})
    row = plain({"M": item})
    body = {name: row[name] for name in ("id", "status", "stage", "price", "options", "failure")}
    body |= {"created_at": instant(row["created"]), "updated_at": instant(row["updated"])}
    body["files"] = [{**file, "url": f"/api/generations/{row['id']}/files/{file['name']}"} for file in row["files"]]
    return answer(200, body, etag='"' + hashlib.sha256(json.dumps(body).encode()).hexdigest() + '"')


def opening():
    store = boto3.client("s3")

    def handle(event: dict, user: str, get, table) -> dict:
        if event["headers"].get("origin") != os.environ["SITE_ORIGIN"]:
            return answer(403, {"title": "Another site"})
        asked = json.loads(event["body"])
        kinds = ("image/png", "image/jpeg", "image/webp")
        if asked["content_type"] not in kinds or asked["bytes"] <= 0 or len(base64.b64decode(asked["sha256"])) != 32:
            return answer(422, {"title": "Correct the fields"})
        if get(f"USER#{user}", "PROFILE") is None:
            return answer(403, {"title": "First step"})
        hour = int(time.time() // 3600)
        for who, most in ((user, 300), (event["requestContext"]["http"]["sourceIp"], 1500)):
            table.update_item(
                TableName=TABLE, Key={"pk": {"S": f"PEER#{who}#{hour}"}, "sk": {"S": "COUNT"}}, UpdateExpression="ADD calls :one",
                ConditionExpression="attribute_not_exists(calls) OR calls < :most",
                ExpressionAttributeValues={":one": {"N": "1"}, ":most": {"N": str(most)}})
        upload = f"upl_{secrets.token_hex(13).upper()}"
        fields = {"Content-Type": asked["content_type"], "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": asked["sha256"]}
        form = store.generate_presigned_post(
            os.environ["UPLOADS_BUCKET"], f"u/{user}/{upload}", Fields=fields, ExpiresIn=SIGNED_S,
            Conditions=[["content-length-range", asked["bytes"], asked["bytes"]], *({name: value} for name, value in fields.items())])
        table.put_item(TableName=TABLE, ConditionExpression="attribute_not_exists(pk)", Item={
            "pk": {"S": f"PEER#{user}"}, "sk": {"S": f"UPL#{upload}"}, "bytes": {"N": str(asked["bytes"])},
            "content_type": {"S": asked["content_type"]}, "sha256": {"S": asked["sha256"]}})
        return answer(201, {"upload_id": upload, **form})

    return handle


def webhook():
    keys = [one["secret"] for one in json.loads(secret(os.environ["STRIPE_WEBHOOK_SECRET_ARN"]))]

    def handle(event: dict) -> dict:
        body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
        parts = [part.split("=", 1) for part in event["headers"]["stripe-signature"].split(",")]
        at = next(value for name, value in parts if name == "t")
        ours = [hmac.new(key.encode(), at.encode() + b"." + body, "sha256").hexdigest() for key in keys]
        fits = any(hmac.compare_digest(one, value) for one in ours for name, value in parts if name == "v1")
        if not fits or abs(time.time() - int(at)) >= SIGNED_S:
            return answer(400, {"title": "The signature does not fit"})
        json.loads(body)
        return answer(200)

    return handle


HANDLERS = {"show": lambda: members(show), "open": lambda: members(opening()), "webhook": webhook}


def main() -> None:
    """Lambda's runtime interface, without what AWS's own client does besides."""
    handle = HANDLERS[os.environ["HANDLER"]]()
    interface = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    path = "/2018-06-01/runtime/invocation"
    while True:
        interface.request("GET", f"{path}/next")
        reply = interface.getresponse()
        event, number = json.loads(reply.read()), reply.headers["Lambda-Runtime-Aws-Request-Id"]
        interface.request("POST", f"{path}/{number}/response", json.dumps(handle(event)))
        interface.getresponse().read()


main()
