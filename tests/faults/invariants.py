"""What must hold after every fault, whatever it was."""

import re
from collections import Counter
from pathlib import Path

ENDED = {"SUCCEEDED": "capture", "FAILED": "release", "CANCELLED": "release"}
RESULTS = ("model.glb", "preview.webp", "turntable.webp", "report.json")
SECRETS = r"eyJ[A-Za-z0-9_-]{10,}|__Host-\w+=|X-Amz-Signature|(sk|whsec)_(test_)?[A-Za-z0-9_-]{12,}|[\w.+-]+@example\.com"


def check(owner, user: str) -> None:
    """The books of a person add up, and every generation is charged or released exactly once if it has ended."""
    rows = owner.rows(user)
    account = next(row["account"] for row in rows if row["sk"] == "PROFILE")
    books = owner.rows(account)
    wallet = next(row for row in books if row["sk"] == "WALLET")
    entries = [row for row in books if row["sk"].startswith("E#")]
    for field in ("available", "held", "debt"):
        assert wallet[field] == sum(entry[field] for entry in entries) >= 0, (field, wallet, entries)
    assert sorted(entry["sequence"] for entry in entries) == list(range(1, wallet["version"] + 1))
    moves = Counter((entry["source"], entry["kind"]) for entry in entries)
    assert all(count == 1 for count in moves.values()), moves
    generations = [row for row in rows if row["sk"].startswith("GEN#")]
    for row in generations:
        settled = [kind for source, kind in moves if source == f"gen#{row['id']}#settled"]
        assert settled == ([ENDED[row["status"]]] if row["status"] in ENDED else []), (row["status"], settled)
        names = {item["key"].rsplit("/", 1)[1] for item in owner.objects("models", row["id"]) if not item["deleted"]}
        if row["status"] == "SUCCEEDED" and row["deleted"] is None:
            assert names >= set(RESULTS), names
        elif row["deleted"] is not None:
            assert not names, f"left of what was deleted: {names}"
    assert wallet["held"] == wallet["open"] == sum(row["status"] not in ENDED for row in generations)


def check_logs(logs: str) -> None:
    """No secret in what the functions logged."""
    text = (Path(logs) / "functions.log").read_text()
    assert not re.search(SECRETS, text), re.search(SECRETS, text)
