"""A visitor without a browser: signs in through the forms, keeps cookies, talks to the API as the page does."""

import html
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid

from places import REPOSITORY, Trouble


class Visitor:
    """One person on the site."""

    def __init__(self, site: str) -> None:
        self.site = site
        # Browsers count http://localhost as secure, so that `Secure` cookies work there; Python must be told.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(policy))
        self._opener = urllib.request.build_opener(cookies)

    def sign_in(self, email: str, password: str = "anything") -> None:
        """Goes the whole way of the redirects, and fills in every form on it."""
        url, page = self._open(f"{self.site}/api/auth/login?return_to=/")
        for _ in range(4):
            form = re.search(r'<form[^>]*action="([^"]+)"', page.decode(errors="replace"))
            if not form:
                break
            fields = {"login": email, "password": password} if 'name="login"' in page.decode() else {}
            target = urllib.parse.urljoin(url, html.unescape(form.group(1)))
            url, page = self._open(target, data=urllib.parse.urlencode(fields).encode())
        if not url.startswith(self.site + "/") or "/api/" in url:
            raise Trouble(f"the sign-in did not come back to the site, but ended at {url.split('?')[0]}")
        if self.get("/api/me")["welcome"] != "done":
            promise = json.loads((REPOSITORY / "shared" / "api" / "promise.json").read_text())
            texts = {"terms": promise["terms_version"], "privacy": promise["privacy_version"]}
            self.post("/api/me/welcome", {"old_enough": True, **texts})

    def get(self, path: str) -> dict:
        """Reads one resource of the API."""
        return json.loads(self._open(self.site + path)[1])

    def post(self, path: str, body: dict, **headers: str) -> dict:
        """Asks the API to make something."""
        return json.loads(self._open(self.site + path, json.dumps(body).encode(), {
            "Content-Type": "application/json", "Origin": self.site, **headers})[1])

    def file(self, path: str) -> bytes:
        """Downloads a file, through the redirect to the storage."""
        return self._open(self.site + path)[1]

    def upload(self, url: str, fields: dict[str, str], photo: bytes, content_type: str) -> None:
        """Posts the photo straight to the storage, as the form of a page would."""
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="photo"\r\n'
            f"Content-Type: {content_type}\r\n\r\n".encode())
        body = b"".join((*parts, photo, f"\r\n--{boundary}--\r\n".encode()))
        self._open(url, body, {"Content-Type": f"multipart/form-data; boundary={boundary}", "Origin": self.site})

    def _open(self, url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[str, bytes]:
        request = urllib.request.Request(url, data=data, headers=headers or {})
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.url, answer.read()
        except urllib.error.HTTPError as error:
            raise Trouble(_sentence(error.code, error.read(), url)) from error
        except OSError as error:
            raise Trouble(f"{urllib.parse.urlsplit(url).netloc} does not answer: {error}") from error


def _sentence(status: int, body: bytes, url: str) -> str:
    """What the problem says of itself; the status and the path where it says nothing."""
    try:
        problem = json.loads(body)
        return problem.get("detail") or problem["title"]
    except (ValueError, KeyError, TypeError, AttributeError):
        code = re.search(rb"<Message>([^<]+)</Message>", body)
        said = f": {code.group(1).decode()}" if code else ""
        return f"{urllib.parse.urlsplit(url).path} answered {status}{said}"
