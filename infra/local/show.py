"""Shows what the local cloud holds, as JSON, with its owner's keys.

    python show.py rows                     every row of the table
    python show.py rows usr_...             rows whose partition key names this user
    python show.py objects models           keys, sizes and versions in a bucket
    python show.py queue                    messages waiting, in flight and dead
    python show.py mails                    mails that were sent: to whom, what, with which headers
    python show.py mails a@example.com      those to one address
"""

import argparse
import base64
import json
import sys

from deploy import Cloud
from places import Place, Trouble


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["rows", "objects", "queue", "mails"])
    parser.add_argument("which", nargs="?", default="")
    parser.add_argument("--name", default="dev")
    parser.add_argument("--port-base", type=int, default=8300)
    arguments = parser.parse_args()
    place = Place(arguments.name, arguments.port_base)
    try:
        where = json.loads(place.ready_file.read_text())
        if arguments.what == "mails":
            shown = mails(place, arguments.which)
        else:
            shown = {"rows": rows, "objects": objects, "queue": queue}[arguments.what](Cloud(place), where, arguments.which)
    except FileNotFoundError:
        print(f"error: the local cloud '{place.name}' is not running: start it with `make dev`", file=sys.stderr)
        return 1
    except Trouble as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 1
    json.dump(shown, sys.stdout, indent=2, sort_keys=True)
    print()
    return 0


def rows(cloud: Cloud, where: dict, name: str) -> list[dict]:
    """Rows of the table with plain values; only those whose partition key names this, if anything is named."""
    client, table = cloud.client("dynamodb"), where["table_name"]
    # A person's or an account's are all in one partition, which is much faster to read than everything.
    kind = next((kind for kind, id in (("USER#", "usr_"), ("ACCT#", "acct_")) if name.startswith(id)), None)
    if kind:
        asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": kind + name}}}
        pages = client.get_paginator("query").paginate(TableName=table, ConsistentRead=True, **asked)
    else:
        pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    found = [{key: plain(value) for key, value in item.items()} for page in pages for item in page["Items"]]
    return sorted((row for row in found if name in row["pk"]), key=lambda row: (row["pk"], row["sk"]))


def objects(cloud: Cloud, where: dict, bucket: str) -> list[dict]:
    """Every version of every object in the bucket `uploads` or `models`."""
    name = where.get(f"{bucket}_bucket")
    if name is None:
        raise Trouble("name a bucket: uploads or models")
    pages = cloud.client("s3").get_paginator("list_object_versions").paginate(Bucket=name)
    return [
        {"key": version["Key"], "version": version["VersionId"], "latest": version["IsLatest"],
         "bytes": version.get("Size"), "deleted": kind == "DeleteMarkers"}
        for page in pages for kind in ("Versions", "DeleteMarkers") for version in page.get(kind, [])
    ]


def queue(cloud: Cloud, where: dict, _which: str) -> dict[str, dict[str, int]]:
    """How many messages wait, are being worked on, or were given up."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    shown = {}
    for label, url in (("work", where["queue_url"]), ("dead", where["dead_letter_queue_url"])):
        counts = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
        shown[label] = {"waiting": int(counts[names[0]]), "in_flight": int(counts[names[1]])}
    return shown


def mails(place: Place, address: str) -> list[dict]:
    """Mails that SES took, oldest first; only those to one address, if one is named."""
    if not place.outbox.exists():
        return []
    sent = [json.loads(line) for line in place.outbox.read_text().splitlines()]
    return [
        {"from": mail["FromEmailAddress"], "to": mail["Destination"]["ToAddresses"],
         "subject": mail["Content"]["Simple"]["Subject"]["Data"],
         **{kind.lower(): body["Data"] for kind, body in mail["Content"]["Simple"]["Body"].items()},
         "headers": {header["Name"]: header["Value"] for header in mail["Content"]["Simple"].get("Headers") or []}}
        for mail in sent if not address or address in mail["Destination"]["ToAddresses"]
    ]


def plain(value: dict):
    """One DynamoDB value as JSON knows it."""
    (kind, inner), = value.items()
    if kind == "M":
        return {key: plain(item) for key, item in inner.items()}
    if kind == "L":
        return [plain(item) for item in inner]
    if kind == "N":
        return float(inner) if "." in inner else int(inner)
    if kind == "B":
        return base64.b64encode(inner).decode()
    return None if kind == "NULL" else inner


if __name__ == "__main__":
    sys.exit(main())
