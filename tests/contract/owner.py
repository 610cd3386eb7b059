"""The owner's view: rows, objects, messages, and the endpoint's faults."""

import hashlib
import json
import os
import time

import requests

import show
from call import CLOCKS
from deploy import Cloud
from places import Place


class Owner:
    """Whoever holds the account's keys."""

    def __init__(self, where: dict) -> None:
        self.where = where
        base = int(where["site"].rsplit(":", 1)[1])
        self.place = Place(os.environ.get("STACK_NAME", "test"), base)
        self.cloud = Cloud(self.place)
        # The clocks stop: what they call runs when a test says so, and at no other moment.
        for clock in CLOCKS:
            self.cloud.client("events").disable_rule(Name=f"imageto3d-local-{clock}")

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

    def set(self, row: dict, **fields: int | str) -> None:
        """Changes numbers and texts of a row."""
        sets = ", ".join(f"#{name} = :{name}" for name in fields)
        self.cloud.client("dynamodb").update_item(
            TableName=self.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
            UpdateExpression=f"SET {sets}",
            ExpressionAttributeNames={f"#{name}": name for name in fields},
            ExpressionAttributeValues={f":{name}": {"S" if isinstance(value, str) else "N": str(value)} for name, value in fields.items()},
        )

    def same_every_day(self, limit: str, who: str) -> None:
        """Lets what was counted of somebody today count tomorrow too: midnight may come while a test runs."""
        whose = f"RL#{limit}#{hashlib.sha256(who.encode()).hexdigest()}#"
        counted = {int(row["pk"].removeprefix(whose)): row["count"] for row in self.rows(whose)}
        for day in {*counted, max(counted) + 1}:
            self.set({"pk": f"{whose}{day}", "sk": "RL"}, count=max(counted.values()), ttl=(day + 1) * 86_400)

    def set_due(self, row: dict, ms: int) -> None:
        """Moves the time at which upkeep looks at a generation."""
        self.set(row, due=ms)
        self.cloud.client("dynamodb").update_item(
            TableName=self.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
            UpdateExpression="SET gsi1sk = :due", ExpressionAttributeValues={":due": {"S": f"{ms:013}#{row['id']}"}},
        )

    def mails(self, address: str) -> list[dict]:
        """Mails to this address, oldest first."""
        return show.mails(self.place, address)

    def run_upkeep(self) -> dict:
        """Runs upkeep once, now."""
        return self._run("upkeep", b"{}")

    def run_dispatch(self, *messages: dict) -> dict:
        """Hands dispatch these messages, as the queue would."""
        return self._run("dispatch", json.dumps({"Records": messages}).encode())

    def run_webhooks(self, *messages: dict) -> dict:
        """Tries these deliveries once, now."""
        return self._run("webhooks", json.dumps({"Records": messages}).encode())

    def set_failing(self, row: dict, ms: int) -> None:
        """Moves the time since which a person's only webhook fails."""
        self._change_endpoint(row, "failing", {"N": str(ms)})

    def set_url(self, row: dict, url: str) -> None:
        """Points a person's only webhook somewhere else, past the door."""
        self._change_endpoint(row, "url", {"S": url})

    def _change_endpoint(self, row: dict, field: str, value: dict) -> None:
        self.cloud.client("dynamodb").update_item(
            TableName=self.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
            UpdateExpression="SET endpoints[0].#field = :value",
            ExpressionAttributeNames={"#field": field}, ExpressionAttributeValues={":value": value},
        )

    def until(self, look, patience_s: int = 60):
        """What a look brings as soon as it brings something: what is behind a queue takes a moment."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            try:
                if found := look():
                    return found
            except StopIteration:
                pass
        raise AssertionError(f"nothing came in {patience_s} seconds")

    def run_privacy(self, **payload) -> dict:
        """Works once on exports and deletions, now."""
        return self._run("privacy", json.dumps(payload).encode())

    def put_step(self, row: dict) -> None:
        """Writes the step of a deletion back as it was."""
        self.cloud.client("dynamodb").update_item(
            TableName=self.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
            UpdateExpression="SET step = :step, gsi1pk = :whose",
            ExpressionAttributeValues={":step": {"S": row["step"]}, ":whose": {"S": row["gsi1pk"]}},
        )

    def hurry(self, row: dict) -> None:
        """Lets what waits for its time be due now."""
        self.cloud.client("dynamodb").update_item(
            TableName=self.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
            UpdateExpression="SET due = :now, gsi1sk = :first",
            ExpressionAttributeValues={":now": {"N": "1"}, ":first": {"S": f"{1:013}#"}},
        )

    def erase(self, user: str) -> None:
        """Lets a deletion that was asked for go through all its steps now."""
        for _ in range(10):
            rows = [row for row in self.rows(user) if row["sk"] == "ERASURE"]
            if not rows:
                return
            self.hurry(rows[0])
            self.run_privacy()
            self.run_stripe_clock()
        raise AssertionError(f"the deletion does not end: {rows[0]['step']}")

    def run_stripe_clock(self) -> dict:
        """Lets billing do once what its clock asks for: the answer is one of HTTP."""
        return self._run("billing", CLOCKS["billing"].read_bytes())

    def _run(self, function: str, payload: bytes) -> dict:
        answer = self.cloud.client("lambda").invoke(FunctionName=f"imageto3d-local-{function}", Payload=payload)
        return json.loads(answer["Payload"].read())

    def bury(self, job: dict) -> None:
        """Puts a message among the dead letters."""
        self.cloud.client("sqs").send_message(QueueUrl=self.where["dead_letter_queue_url"], MessageBody=json.dumps(job))

    def dead_letters(self) -> int:
        """Messages among the dead letters, whether somebody looks at them or not."""
        return sum(show.queue(self.cloud, self.where, "")["dead"].values())

    def faults(self, *faults: dict) -> None:
        """Tells the endpoint which faults to play next."""
        requests.put(f"{self.where['endpoint']}/_fake/faults", json=list(faults), timeout=5).raise_for_status()

    def calm(self) -> None:
        """Takes back the faults that were not played."""
        requests.delete(f"{self.where['endpoint']}/_fake/faults", timeout=5).raise_for_status()

    def played(self) -> bool:
        """Whether every fault has been played."""
        return not requests.get(f"{self.where['endpoint']}/_fake/faults", timeout=5).json()
