"""Saves a stage, and brings what was saved into an empty one: rows, photos and models, so that people find everything again.

    python restore.py save    --stage prod --to FOLDER            rows as they are, and which version of each object belongs to them
    python restore.py restore --stage new  --from FOLDER          into a stage that was just deployed and holds nothing

`save` reads the table whole and lists the buckets; objects stay where they are, since versions protect them for 30 days. After a loss
of the table, let DynamoDB restore it to a point in time (35 days) under another name, and save with `--table` that name. Sessions
and the keys that sign them are not taken over: people sign in again; programs' keys go on.
"""

import argparse
import gzip
import hashlib
import json
import sys
from pathlib import Path

import botocore.exceptions
import botocore.session
from boto_items import as_json, from_json

BATCH = 25  # DynamoDB's own limit
KINDS = ("uploads", "models")
ROWS, OBJECTS, MANIFEST = "rows.jsonl.gz", "objects.jsonl.gz", "manifest.json"


class Refused(Exception):
    """Why nothing was done, in a sentence."""


def save(table, s3, names: dict[str, str], folder: Path) -> dict[str, int]:
    """Writes the folder, and what must be in it, to its end."""
    folder.mkdir(parents=True, exist_ok=False)
    pages = table.get_paginator("scan").paginate(TableName=names["table"], ConsistentRead=True)
    rows = _write(folder / ROWS, (as_json(item) for page in pages for item in page["Items"]))
    objects = _write(folder / OBJECTS, (
        {"kind": kind, "key": version["Key"], "version": version["VersionId"], "bytes": version["Size"]}
        for kind in KINDS for page in s3.get_paginator("list_object_versions").paginate(Bucket=names[kind])
        for version in page.get("Versions", [])
    ))
    counts = {"rows": rows, "objects": objects}
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (ROWS, OBJECTS)}
    (folder / MANIFEST).write_text(json.dumps({**counts, "sha256": hashes, "names": names}, indent=2) + "\n")
    return counts


def restore(table, s3, names: dict[str, str], folder: Path) -> dict[str, int]:
    """Objects first: a row names the version of its photo, which is another one in another bucket."""
    manifest = json.loads((folder / MANIFEST).read_text())
    for name, expected in manifest["sha256"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            raise Refused(f"{folder / name} is not what was saved")
    if table.scan(TableName=names["table"], Limit=1)["Items"]:
        raise Refused(f"{names['table']} is not empty: restore into a stage that was just deployed")
    versions = {}
    for each in _read(folder / OBJECTS):
        source = {"Bucket": manifest["names"][each["kind"]], "Key": each["key"], "VersionId": each["version"]}
        copied = s3.copy_object(Bucket=names[each["kind"]], Key=each["key"], CopySource=source, MetadataDirective="COPY")
        versions[each["key"], each["version"]] = copied.get("VersionId") or s3.head_object(Bucket=names[each["kind"]], Key=each["key"])["VersionId"]
    rows, batch = 0, []
    for row in _read(folder / ROWS):
        batch.append({"PutRequest": {"Item": _moved(from_json(row), versions)}})
        rows += 1
        if len(batch) == BATCH:
            _put(table, names["table"], batch)
            batch = []
    if batch:
        _put(table, names["table"], batch)
    return {"rows": rows, "objects": len(versions)}


def _moved(row: dict, versions: dict) -> dict:
    """The same row; a photo's version is that of its copy."""
    photo = row.get("photo", {}).get("M")
    if photo and "version" in photo:
        key = f"uploads/{row['user']['S']}/{photo['upload']['S']}"
        # A photo that was deleted before has no copy, and its row says so by naming none that exists.
        photo["version"] = {"S": versions.get((key, photo["version"]["S"]), photo["version"]["S"])}
    return row


def _put(table, name: str, batch: list[dict]) -> None:
    left = {name: batch}
    while left:
        left = table.batch_write_item(RequestItems=left).get("UnprocessedItems")


def _write(path: Path, items) -> int:
    count = 0
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for count, item in enumerate(items, 1):
            file.write(json.dumps(item, separators=(",", ":")).encode() + b"\n")
    return count


def _read(path: Path):
    with gzip.open(path, "rt") as file:
        yield from map(json.loads, file)


def _names(formation, stage: str, table: str | None) -> dict[str, str]:
    outputs = formation.describe_stacks(StackName=f"imageto3d-{stage}-data")["Stacks"][0]["Outputs"]
    told = {output["OutputKey"]: output["OutputValue"] for output in outputs}
    return {"table": table or told["TableName"], "uploads": told["UploadsBucketName"], "models": told["ModelsBucketName"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["save", "restore"])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--to", type=Path)
    parser.add_argument("--from", type=Path, dest="source")
    parser.add_argument("--table", help="another name of the table, as after a restore to a point in time")
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    folder = arguments.to if arguments.command == "save" else arguments.source
    if folder is None:
        parser.error("say the folder: --to for save, --from for restore")
    session = botocore.session.Session()
    table, s3, formation = (session.create_client(service, endpoint_url=arguments.endpoint) for service in ("dynamodb", "s3", "cloudformation"))
    try:
        done = {"save": save, "restore": restore}[arguments.command](table, s3, _names(formation, arguments.stage, arguments.table), folder)
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, OSError, Refused) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{done['rows']} rows and {done['objects']} objects")
    return 0


if __name__ == "__main__":
    sys.exit(main())
