"""A person on the site, with plain answers instead of exceptions."""

import base64
import hashlib
import html
import http.cookiejar
import ipaddress
import json
import re
import time
import urllib.parse
import uuid
from pathlib import Path

import requests

PROMISE = json.loads((Path(__file__).resolve().parents[2] / "shared" / "api" / "promise.json").read_text())
SCOPES = ("read", "create", "delete")
# A model takes seconds; a test that waits longer has found a fault.
PATIENCE_S = 120


def checksum(photo: bytes) -> str:
    return base64.b64encode(hashlib.sha256(photo).digest()).decode()


class Browser(requests.Session):
    """Browsers count http://localhost as secure, so that `Secure` cookies work there; `requests` must be told."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))

    def send(self, request, **options):
        if "Cookie" not in self.headers:  # a test may have set its own
            request.headers.pop("Cookie", None)
            cookies = requests.cookies.get_cookie_header(self.cookies, request)
            request.headers.update({"Cookie": cookies} if cookies else {})
        return super().send(request, **options)


class Person:
    """One browser's worth of cookies, somewhere on the net of the examples."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.http = Browser()
        self.address = str(ipaddress.IPv6Address((0x20010DB8 << 96) + uuid.uuid4().int % 2**64))
        self.http.headers["CloudFront-Viewer-Address"] = f"{self.address}:443"

    def sign_in(self, email: str) -> None:
        """Signs in, and takes the first step."""
        self.only_sign_in(email)
        if self.get("/api/me").json()["welcome"] != "done":
            assert self.welcome().status_code == 200

    def welcome(self, **changed) -> requests.Response:
        """Takes the first step."""
        texts = {"terms": PROMISE["terms_version"], "privacy": PROMISE["privacy_version"]}
        return self.post("/api/me/welcome", {"old_enough": True, **texts, **changed})

    def only_sign_in(self, email: str) -> None:
        """Signs in, and nothing more."""
        page = self.try_sign_in(email)
        assert self.get("/api/me").status_code == 200, f"the sign-in ended at {page.url}"

    def try_sign_in(self, email: str) -> requests.Response:
        """Goes the whole way of the redirects, and fills in every form on it; where that ends."""
        page = self.http.get(f"{self.site}/api/auth/login")
        while form := re.search(r'<form[^>]*action="([^"]+)"', page.text):
            fields = {"login": email, "password": "anything"} if 'name="login"' in page.text else {}
            page = self.http.post(urllib.parse.urljoin(page.url, html.unescape(form.group(1))), data=fields)
        return page

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.http.get(self.site + path, headers=headers, allow_redirects=False)

    def post(self, path: str, body=None, **headers: str) -> requests.Response:
        return self.change("POST", path, body, **headers)

    def change(self, method: str, path: str, body=None, **headers: str) -> requests.Response:
        """A change, with what every change must bring."""
        ours = {"Origin": self.site, "Content-Type": "application/json", **headers}
        return self.http.request(method, self.site + path, json=body, headers=ours)

    def delete(self, path: str) -> requests.Response:
        return self.http.delete(self.site + path, headers={"Origin": self.site})

    def credits(self) -> dict:
        return self.get("/api/me").json()["credits"]

    def generations(self) -> list[dict]:
        return self.get("/api/generations").json()["items"]

    def announce(self, photo: bytes, content_type: str, changed: dict | None = None) -> requests.Response:
        """Asks for an upload form."""
        return self.post("/api/uploads", {"content_type": content_type, "bytes": len(photo), "sha256": checksum(photo)} | (changed or {}))

    def send(self, form: dict, photo: bytes, **changed: str) -> requests.Response:
        """Posts a photo with an upload form, straight to the bucket."""
        fields = {**form["fields"], **changed}
        return requests.post(form["url"], data=fields, files={"file": ("photo", photo)}, timeout=60)

    def upload(self, photo: bytes, content_type: str = "image/png") -> str:
        """Uploads a photo; the upload's id."""
        form = self.announce(photo, content_type)
        assert form.status_code == 201, form.text
        sent = self.send(form.json(), photo)
        assert sent.status_code == 204, sent.text
        return form.json()["upload_id"]

    def create(self, upload_id: str, key: str | None = None, **body) -> requests.Response:
        """Asks for a model."""
        return self.post("/api/generations", {"upload_id": upload_id, **body}, **{"Idempotency-Key": key or uuid.uuid4().hex})

    def follow(self, generation_id: str) -> dict:
        """Waits for the end as the page does: asks again when the answer says to."""
        end = time.monotonic() + PATIENCE_S
        while True:
            answer = self.get(f"/api/generations/{generation_id}")
            assert answer.status_code == 200, answer.text
            if "Retry-After" not in answer.headers:
                return answer.json()
            assert time.monotonic() < end, f"not ended after {PATIENCE_S} s: {answer.text}"
            time.sleep(float(answer.headers["Retry-After"]) / 4)

    def make(self, photo: bytes, content_type: str = "image/png", **body) -> dict:
        """The whole way: upload, create, wait."""
        made = self.create(self.upload(photo, content_type), **body)
        assert made.status_code == 202, made.text
        return self.follow(made.json()["id"])


def make_key(person: Person, *scopes: str, **wish) -> dict:
    answer = person.post("/api/me/keys", {"name": "A program", "scopes": scopes or SCOPES, **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()


class Program(Person):
    """A person's program: no browser, no cookies, no origin, but a key."""

    def __init__(self, site: str, secret: str) -> None:
        super().__init__(site)
        self.http.headers["Authorization"] = f"Bearer {secret}"

    def change(self, method: str, path: str, body=None, **headers: str) -> requests.Response:
        return self.http.request(method, self.site + path, json=body, headers={"Content-Type": "application/json", **headers})

    def delete(self, path: str) -> requests.Response:
        return self.http.delete(self.site + path)
