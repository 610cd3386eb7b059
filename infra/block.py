"""Blocking a person, and taking that back: `operate.py block`. A blocked person cannot order, upload or buy, but still export and delete.

Deletes nothing. The person finds it in their activity, and the reason is kept beside it for as long (90 days).
"""

import secrets

from desk import Desk, Refused

ACTIVITY_S = 90 * 24 * 3600  # plan.rs: ACTIVITY_S
TRIES = 3


def user_of(desk: Desk, email: str) -> str:
    """The one person with this address: reads the whole table, since no index holds addresses."""
    pages = desk.table.get_paginator("scan").paginate(
        TableName=desk.name, ConsistentRead=True, FilterExpression="sk = :profile AND attribute_exists(#email)",
        ExpressionAttributeNames={"#user": "user", "#email": "email"}, ProjectionExpression="#user, #email",
        ExpressionAttributeValues={":profile": {"S": "PROFILE"}},
    )
    found = [item["user"]["S"] for page in pages for item in page["Items"] if item["email"]["S"].casefold() == email.casefold()]
    if len(found) != 1:
        raise Refused(f"several people have the address {email}: name one with --user: {', '.join(found)}" if found else f"nobody has the address {email}")
    return found[0]


def change(desk: Desk, user: str, undo: bool) -> str:
    """Writes standing, activity and the log together, and says what came of it."""
    before, after, deed = ("blocked", "good", "unblocked") if undo else ("good", "blocked", "blocked")
    for _ in range(TRIES):
        profile = desk.row(f"USER#{user}", "PROFILE")
        if profile is None:
            raise Refused(f"nobody is {user}")
        standing, version = profile["standing"]["S"], profile["version"]["N"]
        if standing == after:
            return f"{user} was {'not blocked' if undo else 'blocked already'}; nothing was changed"
        if standing != before:
            raise Refused(f"{user} is {standing}: the account is to be deleted, and can do nothing meanwhile")
        try:
            desk.table.transact_write_items(TransactItems=[
                {"Update": {
                    "TableName": desk.name, "Key": {name: profile[name] for name in ("pk", "sk")},
                    "UpdateExpression": "SET #standing = :after, #version = :next",
                    "ConditionExpression": "#standing = :before AND #version = :read",
                    "ExpressionAttributeNames": {"#standing": "standing", "#version": "version"},
                    "ExpressionAttributeValues": {
                        ":before": {"S": before}, ":after": {"S": after},
                        ":read": {"N": version}, ":next": {"N": str(int(version) + 1)},
                    },
                }},
                {"Put": {
                    "TableName": desk.name, "Item": activity(user, deed, desk.why, desk.now_ms),
                    "ConditionExpression": "attribute_not_exists(pk)",
                }},
                desk.audit("unblock" if undo else "block", user, deed),
            ])
        except desk.table.exceptions.TransactionCanceledException:
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
