"""The functions' zips: named by what is in them, so that the same build is uploaded once and an old one is found again."""

import hashlib
import io
import zipfile
from pathlib import Path

from .plan import FUNCTIONS, Trouble, code_parameter


def zipped(binary: bytes, squeeze: bool) -> bytes:
    """A fixed date keeps equal builds equal."""
    entry = zipfile.ZipInfo("bootstrap", date_time=(2020, 1, 1, 0, 0, 0))
    entry.external_attr = 0o755 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, binary, zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED)
    return buffer.getvalue()


def upload(s3, bucket: str, binaries: Path, squeeze: bool = True) -> dict[str, str]:
    """Each function's key, as the templates' parameters."""
    there = {item["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for item in page.get("Contents", [])}
    keys = {}
    for name in FUNCTIONS:
        file = binaries / name / "bootstrap"
        if not file.is_file():
            raise Trouble(f"{name} is not built: {file} is missing")
        binary = file.read_bytes()
        key = f"{name}/{hashlib.sha256(binary).hexdigest()}.zip"
        if key not in there:
            s3.put_object(Bucket=bucket, Key=key, Body=zipped(binary, squeeze))
        keys[code_parameter(name)] = key
    return keys
