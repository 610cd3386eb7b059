"""What was released, so that one command brings the release before back: templates, settings and the page, beside the zips."""

import json

KEEP = 20


def write(s3, bucket: str, release: str, templates: dict[str, str], values: dict[str, str], page: bytes) -> None:
    s3.put_object(Bucket=bucket, Key=f"releases/{release}.json", ContentType="application/json", Body=json.dumps(
        {"templates": templates, "values": values, "page": page.decode()}).encode())


def names(s3, bucket: str) -> list[str]:
    """The newest last: a release's name begins with its time."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="releases/")
    return sorted(item["Key"].removeprefix("releases/").removesuffix(".json") for page in pages for item in page.get("Contents", []))


def read(s3, bucket: str, release: str) -> dict:
    return json.loads(s3.get_object(Bucket=bucket, Key=f"releases/{release}.json")["Body"].read())
