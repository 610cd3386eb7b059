"""Slow: an account with many generations, and more deliveries to a webhook, is exported; how long it takes, and how much memory at most.

    make test-export GENERATIONS=5000 DELIVERIES=5000       (needs the tests' cloud: the target starts one)

The rows and files are made by hand, as copies of one real generation: the photo of the coffee cup and its model.
"""

import json
import os
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from conftest import new_person
from test_people import row_of, user_of

GENERATIONS, DELIVERIES = int(os.environ.get("GENERATIONS", "5000")), int(os.environ.get("DELIVERIES", "5000"))
# What the template gives the function, in bytes.
MEMORY = 1024 * 1024 * 1024
FILES = ("model.glb", "preview.webp", "turntable.webp", "report.json")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def numbered(prefix: str, number: int) -> str:
    """An id that sorts by its number."""
    digits = ""
    for _ in range(25):
        digits, number = ALPHABET[number % 32] + digits, number // 32
    return f"{prefix}_0{digits}"


def generations(owner, user: str, made: dict) -> None:
    """Many generations of one: rows in batches, files on eight threads."""
    key = {"pk": {"S": f"USER#{user}"}, "sk": {"S": f"GEN#{made['id']}"}}
    row = owner.cloud.client("dynamodb").get_item(TableName=owner.where["table_name"], Key=key)["Item"]
    s3 = owner.cloud.client("s3")
    uploads, models = owner.where["uploads_bucket"], owner.where["models_bucket"]
    photo = s3.get_object(Bucket=uploads, Key=f"uploads/{user}/{made['upload_id']}")["Body"].read()
    results = {name: s3.get_object(Bucket=models, Key=f"models/{user}/{made['id']}/{name}")["Body"].read() for name in FILES}

    def one(number: int) -> dict:
        generation, upload = numbered("gen", number), numbered("upl", number)
        version = s3.put_object(Bucket=uploads, Key=f"uploads/{user}/{upload}", Body=photo)["VersionId"]
        for name, content in results.items():
            s3.put_object(Bucket=models, Key=f"models/{user}/{generation}/{name}", Body=content)
        picture = {"M": row["photo"]["M"] | {"upload": {"S": upload}, "version": {"S": version}}}
        return row | {"sk": {"S": f"GEN#{generation}"}, "id": {"S": generation}, "photo": picture}

    with ThreadPoolExecutor(8) as pool:
        put(owner, list(pool.map(one, range(1, GENERATIONS))))


def deliveries(owner, person) -> None:
    """Many deliveries of one, which waits for nothing."""
    hook = person.post("/api/me/webhooks", {"url": f"http://{owner.where['receiver']}/", "kinds": ["generation.failed"]}).json()["webhook"]["id"]
    person.post(f"/api/me/webhooks/{hook}/test")
    one = row_of(owner, person, f"DLV#{hook}#")
    key = {"pk": {"S": one["pk"]}, "sk": {"S": one["sk"]}}
    row = owner.cloud.client("dynamodb").get_item(TableName=owner.where["table_name"], Key=key)["Item"]
    row = {name: value for name, value in row.items() if not name.startswith("gsi1")} | {"body": {"S": "x" * 2000}}
    events = [numbered("evt", number) for number in range(1, DELIVERIES)]
    put(owner, [row | {"sk": {"S": f"DLV#{hook}#{event}"}, "event": {"S": event}} for event in events])


def put(owner, items: list[dict]) -> None:
    for start in range(0, len(items), 25):
        batch = [{"PutRequest": {"Item": item}} for item in items[start:start + 25]]
        owner.cloud.client("dynamodb").batch_write_item(RequestItems={owner.where["table_name"]: batch})


def peak_of(function: str) -> int:
    """The most memory that a process of this function ever had, in bytes."""
    peaks = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if function in os.readlink(process / "cwd") + (process / "environ").read_text() and "bootstrap" in os.readlink(process / "exe"):
                peaks += [int(line.split()[1]) * 1024 for line in (process / "status").read_text().splitlines() if line.startswith("VmHWM")]
        except OSError:
            continue
    return max(peaks)


def test_a_large_account_is_exported_within_the_functions_memory(where, owner, coffee, capsys):
    person = new_person(where)
    # Small models: the local cloud keeps every object in memory.
    small = {"faces": 1000, "texture_size": 512}
    generations(owner, user_of(person), person.make(coffee, options=small))
    deliveries(owner, person)
    assert person.post("/api/me/exports").status_code == 202
    began, runs = time.monotonic(), 0
    while (export := person.get("/api/me/exports").json()["items"][0])["state"] == "making":
        runs += 1
        assert "files" in owner.run_privacy() and runs < 100
    took = time.monotonic() - began
    seen, told, inside = set(), set(), 0
    for file in export["files"]:
        path = Path(os.environ.get("TMPDIR", "/tmp")) / file["name"]
        with person.http.get(person.site + file["url"], stream=True) as answer, path.open("wb") as out:
            for chunk in answer.iter_content(1 << 20):
                out.write(chunk)
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            inside += len(archive.namelist())
            for name in archive.namelist():
                seen |= {item["id"] for item in json.loads(archive.read(name))} if name.startswith("generations-") else set()
                told |= {item["event"] for item in json.loads(archive.read(name))} if name.startswith("webhook_deliveries-") else set()
        path.unlink()
    peak = peak_of("imageto3d-local-privacy")
    assert (len(seen), len(told)) == (GENERATIONS, DELIVERIES) and inside >= 5 * GENERATIONS
    assert 0 < peak < MEMORY
    size = sum(file["bytes"] for file in export["files"])
    with capsys.disabled():
        print(f"\n{GENERATIONS} generations, {DELIVERIES} deliveries, {size / 1e9:.2f} GB in {len(export['files'])} files, {took:.1f} s in {runs} runs, at most {peak / 1e6:.0f} MB of memory")
