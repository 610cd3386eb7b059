"""Puts a mail about new texts into the outbox of everybody who has agreed to older ones; upkeep sends them.

    python announce.py --table imageto3d-prod --version 2027-02-01

Run it two weeks before a release that changes TERMS_VERSION or PRIVACY_VERSION in shared/domain/src/plan.rs. Running it twice
writes nobody twice, as long as the first mails are not sent yet. Needs Scan and PutItem on the table. `--endpoint` names a
stand-in, as on a laptop.
"""

import argparse
import datetime
import sys
import time

import botocore.exceptions
import botocore.session

MAIL_S = 2 * 24 * 3600  # plan.rs: MAIL_S


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", required=True)
    parser.add_argument("--version", required=True, type=day, help="the day from which the new texts hold")
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    try:
        table = botocore.session.Session().create_client("dynamodb", endpoint_url=arguments.endpoint)
        written = sum(post(table, arguments.table, user, arguments.version) for user in readers(table, arguments.table, arguments.version))
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{written} mails wait to be sent")
    return 0


def day(text: str) -> str:
    return datetime.date.fromisoformat(text).isoformat()


def readers(table, name: str, version: str):
    """Everybody who has agreed to texts of another day and has an address."""
    pages = table.get_paginator("scan").paginate(
        TableName=name, ConsistentRead=True, ProjectionExpression="#user, agreed",
        FilterExpression="sk = :profile AND attribute_exists(email) AND attribute_type(agreed, :map)",
        ExpressionAttributeNames={"#user": "user"}, ExpressionAttributeValues={":profile": {"S": "PROFILE"}, ":map": {"S": "M"}},
    )
    for page in pages:
        for item in page["Items"]:
            agreed = item["agreed"]["M"]
            if version not in (agreed["terms"]["S"], agreed["privacy"]["S"]):
                yield item["user"]["S"]


def post(table, name: str, user: str, version: str) -> bool:
    """One mail, as shared/cloud/src/table/mails.rs writes it; false if it waits already."""
    now_ms = time.time_ns() // 1_000_000
    sk = f"MAIL#policy_changed#{version}"
    try:
        table.put_item(TableName=name, ConditionExpression="attribute_not_exists(pk)", Item={
            "pk": {"S": f"USER#{user}"}, "sk": {"S": sk}, "kind": {"S": "policy_changed"}, "version": {"S": version},
            "at": {"N": str(now_ms)}, "ttl": {"N": str(now_ms // 1000 + MAIL_S)},
            "gsi1pk": {"S": "DUE#mail"}, "gsi1sk": {"S": f"{now_ms:013}#{sk}"},
        })
    except table.exceptions.ConditionalCheckFailedException:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
