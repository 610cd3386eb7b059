"""The web app: files named by their content are kept for a year, the page itself is asked for each time."""

import mimetypes
from pathlib import Path

from .plan import Trouble

FOREVER = "public, max-age=31536000, immutable"
EACH_TIME = "no-cache"
TYPES = {".wasm": "application/wasm", ".js": "text/javascript", ".mjs": "text/javascript", ".webp": "image/webp", ".glb": "model/gltf-binary", ".webmanifest": "application/manifest+json"}


def headers(name: str) -> dict[str, str]:
    """What S3 says of a file, and CloudFront after it."""
    kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    return {"ContentType": f"{kind}; charset=utf-8" if text else kind, "CacheControl": FOREVER if name.startswith("assets/") else EACH_TIME}


def upload(s3, bucket: str, folder: Path) -> int:
    """Everything but the page first, so that no page ever names a file that is not there. Old files stay: open tabs still ask for them."""
    if not (folder / "index.html").is_file():
        raise Trouble(f"the web app is not built: {folder}/index.html is missing (make web)")
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    there = {item["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket) for item in page.get("Contents", [])}
    new = [name for name in names if not (name.startswith("assets/") and name in there)]
    for name in sorted(new, key=lambda name: name.endswith(".html")):
        s3.put_object(Bucket=bucket, Key=name, Body=(folder / name).read_bytes(), **headers(name))
    return len(new)


def invalidate(cloudfront, distribution: str, release: str) -> None:
    """Only what keeps its name; the same release asks once."""
    cloudfront.create_invalidation(
        DistributionId=distribution, InvalidationBatch={"CallerReference": release, "Paths": {"Quantity": 1, "Items": ["/*"]}})
