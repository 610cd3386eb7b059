"""Blocks a person, or takes that back. A blocked person cannot order, upload or buy, but still export and delete.

    python block.py --table imageto3d-prod --user usr_01ARZ3NDEKTSV4RRFFQ69G5FAV --why "pays with stolen cards"
    python block.py --table imageto3d-prod --email a@example.com --undo --why "it was not them"

Deletes nothing. The person finds it in their activity, and the reason is kept beside it for as long (90 days). Needs GetItem,
PutItem and UpdateItem on the table, and Scan to find an address. `--endpoint` names a stand-in, as on a laptop.
"""

import argparse
import secrets
import sys
import time

import botocore.exceptions
import botocore.session

ACTIVITY_S = 90 * 24 * 3600  # plan.rs: ACTIVITY_S
TRIES = 3


class Refused(Exception):
    """Why nothing was done, in a sentence."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", required=True)
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--user")
    who.add_argument("--email")
    parser.add_argument("--undo", action="store_true")
    parser.add_argument("--why", required=True, help="for whoever asks later; the person may read it")
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    try:
        table = botocore.session.Session().create_client("dynamodb", endpoint_url=arguments.endpoint)
        user = arguments.user or user_of(table, arguments.table, arguments.email)
        print(change(table, arguments.table, user, arguments.undo, arguments.why))
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, Refused) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def user_of(table, name: str, email: str) -> str:
    """The one person with this address: reads the whole table, since no index holds addresses."""
    pages = table.get_paginator("scan").paginate(
        TableName=name, ConsistentRead=True, FilterExpression="sk = :profile AND attribute_exists(#email)",
        ExpressionAttributeNames={"#user": "user", "#email": "email"}, ProjectionExpression="#user, #email",
        ExpressionAttributeValues={":profile": {"S": "PROFILE"}},
    )
    found = [item["user"]["S"] for page in pages for item in page["Items"] if item["email"]["S"].casefold() == email.casefold()]
    if len(found) != 1:
        raise Refused(f"several people have the address {email}: name one with --user: {', '.join(found)}" if found else f"nobody has the address {email}")
    return found[0]


def change(table, name: str, user: str, undo: bool, why: str) -> str:
    """Writes standing and activity together, and says what came of it."""
    before, after, deed = ("blocked", "good", "unblocked") if undo else ("good", "blocked", "blocked")
    for _ in range(TRIES):
        key = {"pk": {"S": f"USER#{user}"}, "sk": {"S": "PROFILE"}}
        profile = table.get_item(TableName=name, Key=key, ConsistentRead=True).get("Item")
        if profile is None:
            raise Refused(f"nobody is {user}")
        standing, version = profile["standing"]["S"], profile["version"]["N"]
        if standing == after:
            return f"{user} was {'not blocked' if undo else 'blocked already'}; nothing was changed"
        if standing != before:
            raise Refused(f"{user} is {standing}: the account is to be deleted, and can do nothing meanwhile")
        try:
            table.transact_write_items(TransactItems=[
                {"Update": {
                    "TableName": name, "Key": key,
                    "UpdateExpression": "SET #standing = :after, #version = :next",
                    "ConditionExpression": "#standing = :before AND #version = :read",
                    "ExpressionAttributeNames": {"#standing": "standing", "#version": "version"},
                    "ExpressionAttributeValues": {
                        ":before": {"S": before}, ":after": {"S": after},
                        ":read": {"N": version}, ":next": {"N": str(int(version) + 1)},
                    },
                }},
                {"Put": {
                    "TableName": name, "Item": activity(user, deed, why, time.time_ns() // 1_000_000),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }},
            ])
        except table.exceptions.TransactionCanceledException:
            continue  # somebody else changed the profile: look again
        return f"{user} is {'no longer' if undo else 'now'} blocked"
    raise Refused(f"{user} changes all the time: try again")


def activity(user: str, deed: str, why: str, at_ms: int) -> dict:
    """The line that the person finds in their activity; keys as in shared/cloud/src/keys.rs."""
    return {
        "pk": {"S": f"USER#{user}"}, "sk": {"S": f"ACT#{at_ms:013}#{secrets.token_hex(10).upper()}"},
        "deed": {"S": deed}, "at": {"N": str(at_ms)}, "ttl": {"N": str(at_ms // 1000 + ACTIVITY_S)}, "why": {"S": why},
        "place": {"M": {"address": {"S": ""}, "browser": {"S": "Operator"}, "system": {"S": ""}}},
    }


if __name__ == "__main__":
    sys.exit(main())
