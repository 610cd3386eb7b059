"""Saves a stage, and brings what was saved into an empty one: rows, photos and models, so that people find everything again.

    python restore.py save    --stage prod --to FOLDER            rows as they are, and which version of each object belongs to them
    python restore.py restore --stage new  --from FOLDER          into a stage that was just deployed and holds nothing

`save` reads the table whole and lists the buckets; objects stay where they are, since versions protect them for 30 days. After a loss
of the table, let DynamoDB restore it to a point in time (35 days) under another name, and save with `--table` that name. Sessions
and the keys that sign them are not taken over: people sign in again; programs' keys go on.

Whoever was deleted since does not come back. `restore` asks the table that the saved stage has now; where that is gone, `--departed`
names the latest that is left: a table (DynamoDB keeps a deleted table's last moment for 35 days; restore that under another name), or
the folder of a later `save`; if there is neither, the folder itself.
"""

import argparse
import gzip
import hashlib
import itertools
import json
import sys
import time
from pathlib import Path

import botocore.exceptions
import botocore.session
from boto_items import as_json, from_json
from departed import DELETION, STONE, Departed, tells

BATCH = 25  # DynamoDB's own limit
KINDS = ("uploads", "models")
ROWS, OBJECTS, MANIFEST = "rows.jsonl.gz", "objects.jsonl.gz", "manifest.json"
BACKUP_DAYS = 35  # retention.rs: BACKUP_DAYS; tombstones last longer than two such times
# What S3 says of an object that was deleted after it was listed.
DELETED = ("NoSuchKey", "NoSuchVersion", "404")


class Refused(Exception):
    """Why nothing was done, in a sentence."""


def save(table, s3, names: dict[str, str], folder: Path) -> dict[str, int]:
    """Writes the folder, and what must be in it, to its end."""
    folder.mkdir(parents=True, exist_ok=False)
    rows = _write(folder / ROWS, map(as_json, _scan(table, names["table"])))
    objects = _write(folder / OBJECTS, (
        {"kind": kind, "key": version["Key"], "version": version["VersionId"], "bytes": version["Size"]}
        for kind in KINDS for page in s3.get_paginator("list_object_versions").paginate(Bucket=names[kind])
        for version in page.get("Versions", [])
    ))
    counts = {"rows": rows, "objects": objects}
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (ROWS, OBJECTS)}
    (folder / MANIFEST).write_text(json.dumps({**counts, "sha256": hashes, "names": names, "saved_at": int(time.time())}, indent=2) + "\n")
    return counts


def restore(table, s3, names: dict[str, str], folder: Path, latest: str | None = None) -> dict[str, int]:
    """Objects first: a row names the version of its photo, which is another one in another bucket."""
    manifest = _checked(folder)
    if time.time() - manifest.get("saved_at", 0) > BACKUP_DAYS * 86_400:
        raise Refused(f"{folder} is older than the {BACKUP_DAYS} days that backups are kept: soon nobody knows any more whom it must not bring back")
    if table.scan(TableName=names["table"], Limit=1)["Items"]:
        raise Refused(f"{names['table']} is not empty: restore into a stage that was just deployed")
    departed = Departed(_latest(table, latest or manifest["names"]["stage_table"]), lambda: _rows(folder))
    counts = dict.fromkeys(("rows", "objects", "rows_left_out", "objects_left_out", "objects_gone"), 0)
    versions = {}
    for each in _oldest_first(_read(folder / OBJECTS)):
        if departed.has(each["key"].partition("/")[2].partition("/")[0]):
            counts["objects_left_out"] += 1
        elif version := _copied(s3, manifest["names"], names, each):
            versions[each["key"], each["version"]] = version
            counts["objects"] += 1
        else:
            counts["objects_gone"] += 1

    def coming():
        yield from departed.tell()
        for row in _rows(folder):
            if tells(row):
                continue
            if back := departed.back(row):
                yield _moved(back, versions)
            else:
                counts["rows_left_out"] += 1

    counts["rows"] = _put_all(table, names["table"], coming())
    return counts


def _oldest_first(listed):
    """Of each object its versions in the order in which they were written, so that the current one is current again: S3 lists the newest first."""
    for _, versions in itertools.groupby(listed, lambda each: (each["kind"], each["key"])):
        yield from reversed(list(versions))


def _checked(folder: Path) -> dict:
    """The manifest, if the folder is what it says."""
    manifest = json.loads((folder / MANIFEST).read_text())
    for name, expected in manifest["sha256"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            raise Refused(f"{folder / name} is not what was saved")
    return manifest


def _latest(table, place: str) -> list[dict]:
    """The rows that tell of deletions, of a table or of the folder of a save."""
    if (Path(place) / MANIFEST).exists():
        _checked(Path(place))
        return [row for row in _rows(Path(place)) if tells(row)]
    try:
        return list(_scan(table, place, FilterExpression="begins_with(pk, :stone) OR sk = :deletion", ExpressionAttributeValues={":stone": {"S": STONE}, ":deletion": {"S": DELETION}}))
    except table.exceptions.ResourceNotFoundException as error:
        raise Refused(f"{place} is gone, and with it who was deleted since: say with --departed what knows it") from error


def _copied(s3, source: dict[str, str], target: dict[str, str], each: dict) -> str | None:
    """The version of an object's copy; nothing if the object was deleted meanwhile."""
    kind, key = each["kind"], each["key"]
    try:
        copied = s3.copy_object(Bucket=target[kind], Key=key, CopySource={"Bucket": source[kind], "Key": key, "VersionId": each["version"]}, MetadataDirective="COPY")
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in DELETED:
            return None
        raise
    return copied.get("VersionId") or s3.head_object(Bucket=target[kind], Key=key)["VersionId"]


def _moved(row: dict, versions: dict) -> dict:
    """The same row; a photo's version is that of its copy."""
    photo = row.get("photo", {}).get("M")
    if photo and "version" in photo:
        key = f"uploads/{row['user']['S']}/{photo['upload']['S']}"
        # A photo that was deleted before has no copy, and its row says so by naming none that exists.
        photo["version"] = {"S": versions.get((key, photo["version"]["S"]), photo["version"]["S"])}
    return row


def _put_all(table, name: str, rows) -> int:
    count, batch = 0, []
    for count, row in enumerate(rows, 1):
        batch.append({"PutRequest": {"Item": row}})
        if len(batch) == BATCH:
            _put(table, name, batch)
            batch = []
    if batch:
        _put(table, name, batch)
    return count


def _put(table, name: str, batch: list[dict]) -> None:
    left = {name: batch}
    while left:
        left = table.batch_write_item(RequestItems=left).get("UnprocessedItems")


def _scan(table, name: str, **only):
    for page in table.get_paginator("scan").paginate(TableName=name, ConsistentRead=True, **only):
        yield from page["Items"]


def _rows(folder: Path):
    return map(from_json, _read(folder / ROWS))


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
    return {"table": table or told["TableName"], "stage_table": told["TableName"], "uploads": told["UploadsBucketName"], "models": told["ModelsBucketName"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["save", "restore"])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--to", type=Path)
    parser.add_argument("--from", type=Path, dest="source")
    parser.add_argument("--table", help="another name of the table, as after a restore to a point in time")
    parser.add_argument("--departed", help="where the saved stage's table is gone: what knows who was deleted, a table or the folder of a save")
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    folder = arguments.to if arguments.command == "save" else arguments.source
    if folder is None:
        parser.error("say the folder: --to for save, --from for restore")
    session = botocore.session.Session()
    table, s3, formation = (session.create_client(service, endpoint_url=arguments.endpoint) for service in ("dynamodb", "s3", "cloudformation"))
    try:
        names = _names(formation, arguments.stage, arguments.table)
        done = save(table, s3, names, folder) if arguments.command == "save" else restore(table, s3, names, folder, arguments.departed)
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, OSError, Refused) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{done['rows']} rows and {done['objects']} objects")
    if arguments.command == "restore":
        print(f"left out of whoever was deleted: {done['rows_left_out']} rows and {done['objects_left_out']} objects; deleted since: {done['objects_gone']} objects")
    return 0


if __name__ == "__main__":
    sys.exit(main())
