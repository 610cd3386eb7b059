"""Slow: how long a change takes from the row to the reader of its stream, over CHANGES=120 changes.

    make measure-stream CHANGES=120         (needs the tests' cloud: the target starts one)

A change begins just before its write is sent to the table, and ends when its event is read at the site.
"""

import os
import random
import statistics
import time

from test_people import user_of
from test_stream import frames, stream

CHANGES = int(os.environ.get("CHANGES", "120"))


def change(owner, row: dict, status: str, stage: str) -> float:
    """Writes another state into a generation's row as a worker does; when that began."""
    began = time.time()
    owner.cloud.client("dynamodb").update_item(
        TableName=owner.where["table_name"], Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}},
        UpdateExpression="SET #status = :status, stage = :stage, updated = :now",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": {"S": status}, ":stage": {"S": stage}, ":now": {"N": str(int(began * 1000))}},
    )
    return began


def test_a_change_is_told_soon(person, owner, coffee):
    made = person.make(coffee)
    row = next(row for row in owner.rows(user_of(person)) if row.get("id") == made["id"])
    change(owner, row, "RUNNING", "saving")
    found = []
    with stream(person, made["id"]) as answer:
        told = (frame.data["stage"] for frame in frames(answer) if frame.event)
        assert next(told) == "saving"
        for number in range(CHANGES):
            # At any moment between two looks of the function, not always right after one.
            time.sleep(random.Random(number).uniform(0, 0.5))
            stage = ("reconstructing", "saving")[number % 2]
            began = change(owner, row, "RUNNING", stage)
            next(seen for seen in told if seen == stage)
            found.append((time.time() - began) * 1000)
        change(owner, row, "SUCCEEDED", "done")
        assert list(told)[-1] == "done"
    cuts = statistics.quantiles(found, n=100)
    print(f"\n{len(found)} changes: p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, worst {max(found):.0f} ms")
    assert cuts[94] < 1000
