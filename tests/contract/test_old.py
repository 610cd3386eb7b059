"""Rows and messages of yesterday's release, read by today's: a deploy does not wait until the queue is empty.

`old/rows-1.json` is what version 1 wrote, row by row, and never changes; a new shape of rows gets a file of its own beside it.
"""

import json
import re
import time

from conftest import REPOSITORY

ROWS = (REPOSITORY / "tests" / "contract" / "old" / "rows-1.json").read_text()
# When they were written, in ms.
WRITTEN = 1795630060000


def as_if_new(person, owner, photo: bytes) -> list[dict]:
    """Puts the old rows in the place of a person's own, as if they had been written just now."""
    profile = next(row for row in owner.rows(person.get("/api/me").json()["user_id"]) if row["sk"] == "PROFILE")
    own = {"{user}": profile["pk"].removeprefix("USER#"), "{account}": profile["account"], "{subject}": profile["subject"],
           "{email}": profile["email"] if "email" in profile else person.get("/api/me").json()["email"]}
    text = ROWS
    for name, value in own.items():
        text = text.replace(name, value)
    later = int(time.time() * 1000) - WRITTEN
    text = re.sub(r'"N": "(1\d{12})"', lambda found: f'"N": "{int(found[1]) + later}"', text)
    text = re.sub(r'"N": "(1\d{9})"', lambda found: f'"N": "{int(found[1]) + later // 1000}"', text)
    rows = json.loads(text)
    for row in rows:
        if row["sk"]["S"].startswith("GEN#") and row["status"]["S"] == "QUEUED":
            key = f"uploads/{own['{user}']}/{row['photo']['M']['upload']['S']}"
            put = owner.cloud.client("s3").put_object(Bucket=owner.where["uploads_bucket"], Key=key, Body=photo, ContentType="image/png")
            row["photo"]["M"]["version"]["S"] = put["VersionId"]
        owner.cloud.client("dynamodb").put_item(TableName=owner.where["table_name"], Item=row)
    return [row for row in rows if row["sk"]["S"].startswith("GEN#")]


def test_rows_and_a_message_of_version_1_are_read_by_today_s_code(person, owner, coffee):
    generations = as_if_new(person, owner, coffee)
    status = {row["id"]["S"]: row["status"]["S"] for row in generations if row["deleted"] == {"NULL": True} or "deleted" not in row}
    shown = {one["id"]: one["status"] for one in person.generations()}
    assert shown == status and sorted(status.values()) == ["QUEUED", "SUCCEEDED"]
    me = person.get("/api/me").json()
    assert (me["credits"], me["standing"]) == ({"available": 67, "held": 1}, "good")
    standing = person.get("/api/billing").json()
    assert standing["subscription"]["status"] == "active" and standing["has_portal"]
    kinds = [entry["kind"] for entry in person.get("/api/billing/entries?limit=100").json()["items"]]
    assert sorted(kinds) == ["capture", "capture", "free_grant", "hold", "hold", "hold", "purchase"]
    for path, many in (("keys", 1), ("exports", 1), ("webhooks", 1)):
        assert len(person.get(f"/api/me/{path}").json()["items"]) == many, path
    hook = person.get("/api/me/webhooks").json()["items"][0]["id"]
    assert len(person.get(f"/api/me/webhooks/{hook}/deliveries").json()["items"]) == 1
    assert person.get("/api/me/privacy").status_code == 200 and len(person.get("/api/me/activity").json()["items"]) >= 8
    waits = next(row for row in generations if row["status"]["S"] == "QUEUED")
    message = json.dumps({"v": 1, "generation_id": waits["id"]["S"], "user_id": waits["user"]["S"]})
    owner.cloud.client("sqs").send_message(QueueUrl=owner.where["queue_url"], MessageBody=message)
    assert person.follow(waits["id"]["S"])["status"] == "SUCCEEDED"
    assert person.credits() == {"available": 67, "held": 0}
    # What only clocks read.
    owner.run_upkeep()
    assert person.post("/api/me/exports").status_code == 202 and owner.run_privacy()["left"] == 0
    assert [export["state"] for export in person.get("/api/me/exports").json()["items"]] == ["ready", "ready"]
    assert person.post("/api/me/deletion").status_code == 202
    owner.erase(me["user_id"])
    assert not owner.rows(me["user_id"])
