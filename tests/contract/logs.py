"""After all other tests, the browser's too: what the functions have logged names nobody and opens nothing."""

import re
from pathlib import Path

# What must not be in a log, and what it would look like there.
FORBIDDEN = {
    "an e-mail address": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}",
    "a token": r"eyJ[A-Za-z0-9_-]{10,}",
    "a cookie": r"__Host-\w+=",
    "a signed link or form": r"X-Amz-(Signature|Credential|Security-Token)",
    "a secret": r"(sk|rk|whsec)_(test_|live_)?[A-Za-z0-9_-]{12,}",
    "an API key": r"i3d_[a-z]+_[A-Za-z0-9]{8}_[A-Za-z0-9]{6,}",
    "a sign-in's code or state": r"[?&](code|state)=",
    "an IP address": r"\b(198\.51\.100\.\d+|2001:db8:[0-9a-f:]+|127\.0\.0\.1(?!:\d))\b",
    "a name": r"(Canary [0-9a-f]{8}|Zoë)",
    "a body": r"\"(sha256|old_enough|content_type)\"",
}


def test_the_functions_logs_name_nobody_and_open_nothing(where):
    logs = [(Path(where["logs"]) / name).read_text().splitlines() for name in ("functions.log", "stream.log")]
    assert len(logs[0]) > 500 and len(logs[1]) > 50, "the whole run is in the logs"
    lines = [line for log in logs for line in log]
    found = [f"{what}: {line[:300]}" for line in lines for what, looks in FORBIDDEN.items() if re.search(looks, line)]
    assert found == []


def test_the_log_would_show_it():
    line = '{"code": "?code=abc", "who": "ann@example.com", "cookie": "__Host-session=eyJhbGciOiJIUzI1NiJ9", "ip": "2001:db8::7", "key": "i3d_live_4gT9xQ2b_0123456789"}'
    assert {what for what, looks in FORBIDDEN.items() if re.search(looks, line)} == {
        "an e-mail address", "a token", "a cookie", "an API key", "a sign-in's code or state", "an IP address",
    }
