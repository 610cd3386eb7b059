"""An operator's desk: the stage's table, and the log in which every deed is written down."""

import hashlib
import secrets
import time

AUDIT_S = 400 * 24 * 3600  # plan.rs: AUDIT_S


class Refused(Exception):
    """Why nothing was done, in a sentence."""


class Desk:
    """An operator at work on one stage; `client` makes a client of a service."""

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

    def write_down(self, deed: str, whom: str, about: str) -> None:
        """For a deed that changes no row of its own: before it, so that a deed which half happened is in the log."""
        self.table.transact_write_items(TransactItems=[self.audit(deed, whom, about)])

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
