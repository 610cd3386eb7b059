"""The owner's view: rows, objects, messages, and the endpoint's faults."""

import json

import requests

import show
from deploy import Cloud
from places import Place


class Owner:
    """Whoever holds the account's keys."""

    def __init__(self, where: dict) -> None:
        self.where = where
        base = int(where["site"].rsplit(":", 1)[1])
        self.cloud = Cloud(Place("test", base))
        # The clock stops: upkeep runs when a test says so, and at no other moment.
        self.cloud.client("events").disable_rule(Name="imageto3d-local-upkeep")

    def rows(self, name: str) -> list[dict]:
        """Rows whose partition key names this user or account."""
        return show.rows(self.cloud, self.where, name)

    def objects(self, bucket: str, name: str) -> list[dict]:
        """Every version of every object whose key names this."""
        return [item for item in show.objects(self.cloud, self.where, bucket) if name in item["key"]]

    def wallet(self, user: str) -> dict:
        """The wallet of a user."""
        profile = next(row for row in self.rows(user) if row["sk"] == "PROFILE")
        return next(row for row in self.rows(profile["account"]) if row["sk"] == "WALLET")

    def set(self, row: dict, **numbers: int) -> None:
        """Changes numbers of a row."""
        sets = ", ".join(f"#{name} = :{name}" for name in numbers)
        self.cloud.client("dynamodb").update_item(
            TableName=self.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
            UpdateExpression=f"SET {sets}",
            ExpressionAttributeNames={f"#{name}": name for name in numbers},
            ExpressionAttributeValues={f":{name}": {"N": str(value)} for name, value in numbers.items()},
        )

    def set_due(self, row: dict, ms: int) -> None:
        """Moves the time at which upkeep looks at a generation."""
        self.set(row, due=ms)
        self.cloud.client("dynamodb").update_item(
            TableName=self.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
            UpdateExpression="SET gsi1sk = :due", ExpressionAttributeValues={":due": {"S": f"{ms:013}#{row['id']}"}},
        )

    def run_upkeep(self) -> dict:
        """Runs upkeep once, now."""
        answer = self.cloud.client("lambda").invoke(FunctionName="imageto3d-local-upkeep", Payload=b"{}")
        return json.loads(answer["Payload"].read())

    def bury(self, job: dict) -> None:
        """Puts a message among the dead letters."""
        self.cloud.client("sqs").send_message(QueueUrl=self.where["dead_letter_queue_url"], MessageBody=json.dumps(job))

    def faults(self, *faults: dict) -> None:
        """Tells the endpoint which faults to play next."""
        requests.put(f"{self.where['endpoint']}/_fake/faults", json=list(faults), timeout=5).raise_for_status()

    def played(self) -> bool:
        """Whether every fault has been played."""
        return not requests.get(f"{self.where['endpoint']}/_fake/faults", timeout=5).json()
