"""After a deploy: the page, an answer that only people who signed in get, and the way round CloudFront."""

import urllib.error
import urllib.request
from collections.abc import Callable

from .plan import Trouble

Answer = tuple[int, dict[str, str], bytes]


def get(url: str, headers: dict[str, str] | None = None) -> Answer:
    request = urllib.request.Request(url, headers={"User-Agent": "imageto3d-smoke", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()


def site(origin: str, ask: Callable[..., Answer] = get) -> None:
    """The page with its policy."""
    for path in ("/", "/models/anything"):
        status, headers, body = ask(f"{origin}{path}")
        _expect(f"{origin}{path}", status == 200 and b"<html" in body.lower(), f"a page, and not {status}")
        _expect(f"{origin}{path}", "default-src 'none'" in headers.get("content-security-policy", ""), "the strict policy")


def api(origin: str, ask: Callable[..., Answer] = get, headers: dict[str, str] | None = None) -> None:
    """An account for nobody who is not signed in, as JSON."""
    status, told, _ = ask(f"{origin}/api/me", headers)
    _expect(f"{origin}/api/me", status == 401 and told.get("content-type", "").startswith("application/problem+json"), f"401, and not {status}")


def way_round(endpoint: str, ask: Callable[..., Answer] = get) -> None:
    """Nobody goes round the firewall."""
    for headers in ({}, {"x-origin-verify": "guess"}):
        status, _, _ = ask(f"{endpoint}/api/me", headers)
        _expect(f"{endpoint}/api/me", status == 404, f"404 for whoever goes round CloudFront, and not {status}")


def _expect(what: str, is_so, wanted: str) -> None:
    if not is_so:
        raise Trouble(f"smoke test: {what} should have answered with {wanted}")
