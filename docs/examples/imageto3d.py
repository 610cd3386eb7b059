"""One photo becomes one model, through the API: python3 imageto3d.py cup.jpg cup.glb

Needs Python 3.11 and nothing else. The key comes from the environment, IMAGETO3D_KEY, the site from IMAGETO3D_SITE.
"""

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SITE = os.environ.get("IMAGETO3D_SITE", "http://localhost:8300")
KEY = os.environ["IMAGETO3D_KEY"]
# Sent again with the same Idempotency-Key, a wish is fulfilled once: trying again never costs twice.
TRIES = 5


def call(method: str, path: str, body: bytes | None = None, **headers: str) -> dict:
    """One call, sent again while the service says that it makes sense to."""
    for _ in range(TRIES):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(SITE + path, body, {"Authorization": f"Bearer {KEY}", **named}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            if "Retry-After" not in error.headers:
                sys.exit(f"{problem['title']}: {problem['detail']}")
            time.sleep(int(error.headers["Retry-After"]))
    sys.exit(f"{path} was still busy after {TRIES} tries")


def create(photo: bytes) -> dict:
    """Sends the photo in a form. The same photo is the same wish, also after this program was stopped."""
    boundary = "imageto3d-photo"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="photo"\r\n\r\n'
    body = head.encode() + photo + f"\r\n--{boundary}--\r\n".encode()
    wish = hashlib.sha256(photo).hexdigest()[:32]
    return call("POST", "/api/generations", body, Content_Type=f"multipart/form-data; boundary={boundary}", Idempotency_Key=wish)


def follow(generation: dict) -> dict:
    """Waits for the end; each answer comes when there is news."""
    while generation["status"] in ("QUEUED", "RUNNING"):
        print(f"{generation['stage']}, about {generation['eta_seconds']} s", file=sys.stderr)
        generation = call("GET", f"/api/generations/{generation['id']}?wait=20")
    return generation


def download(generation: dict, target: Path) -> None:
    """Asks where the model is, and gets it there: the link works by itself, and must not see the key."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """Follows nothing."""

    request = urllib.request.Request(f"{SITE}/api/generations/{generation['id']}/files/model.glb", headers={"Authorization": f"Bearer {KEY}"})
    try:
        urllib.request.build_opener(Stay).open(request, timeout=60)
    except urllib.error.HTTPError as redirect:
        with urllib.request.urlopen(redirect.headers["Location"], timeout=60) as model:
            target.write_bytes(model.read())


if __name__ == "__main__":
    ended = follow(create(Path(sys.argv[1]).read_bytes()))
    if ended["failure"]:
        sys.exit(f"{ended['failure']['title']}: {ended['failure']['detail']}")
    download(ended, Path(sys.argv[2]))
    print(f"{sys.argv[2]}: {ended['model']['faces']} faces")
