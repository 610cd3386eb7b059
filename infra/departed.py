"""Who was deleted, or is being deleted, by the latest that is known; and what a backup brings back of them: nothing.

Rows of a person are those below `USER#…`, and those elsewhere that name their user (an identity, a key's hash). The books stay, as
after any deletion, under the account's number, and forget what Stripe knew it by. A deletion that had begun is taken over, to go
through its steps once more; one that waits for its time waits on, and one that was taken back since is not done.
"""

import hashlib
from collections.abc import Callable, Iterable

STONE, DELETION = "TOMB#", "ERASURE"
NOTHING = {"NULL": True}


class Departed:
    """`latest` are the latest rows that tell of deletions, `saved` brings the backup's rows from the first one on."""

    def __init__(self, latest: Iterable[dict], saved: Callable[[], Iterable[dict]]) -> None:
        self._stones, self._deletions, self._begun = {}, {}, set()
        for row in latest:
            if _key(row)[0].startswith(STONE):
                self._stones[_key(row)[0]] = row
            if _key(row)[1] == DELETION:
                self._deletions[row["user"]["S"]] = {**row, "step": {"S": "freeze"}, "gsi1pk": {"S": "DUE#privacy"}}
                if row["step"]["S"] != "freeze":
                    self._begun.add(row["user"]["S"])
        self._standing_before, self._closed = {}, set()
        for row in saved():
            pk, sk = _key(row)
            if pk.startswith(STONE):
                self._stones.setdefault(pk, row)
            if sk == DELETION:
                self._standing_before[row["user"]["S"]] = row["before"]
        for row in saved():
            if _key(row)[1] == "PROFILE" and self._was_deleted(row["user"]["S"]):
                self._closed.add(f"ACCT#{row['account']['S']}")

    def tell(self) -> list[dict]:
        """The rows that say all this; they take the place of the backup's own."""
        return [*self._stones.values(), *(row for user, row in self._deletions.items() if not self._was_deleted(user))]

    def has(self, user: str | None) -> bool:
        """Whether nothing of this person comes back."""
        return user is not None and (user in self._begun or self._was_deleted(user))

    def back(self, row: dict) -> dict | None:
        """A row of the backup as it comes back, if it does."""
        pk, sk = _key(row)
        if pk.startswith("ACCT#"):
            return _closed(row) if sk == "STRIPE" and pk in self._closed else row
        user = pk.removeprefix("USER#") if pk.startswith("USER#") else row.get("user", NOTHING).get("S")
        if self.has(user):
            return None
        if sk == "PROFILE" and user in self._deletions:
            return {**row, "standing": {"S": "closing"}}
        if sk == "PROFILE" and user in self._standing_before:
            return {**row, "standing": self._standing_before[user]}
        return row

    def _was_deleted(self, user: str) -> bool:
        return f"{STONE}{hashlib.sha256(user.encode()).hexdigest()}" in self._stones


def _closed(row: dict) -> dict:
    """As billing closes it: what Stripe tells late finds nothing to be written to."""
    return {**{name: row[name] for name in ("pk", "sk", "account", "version")}, "customer": NOTHING, "subscription": NOTHING, "closed": {"BOOL": True}}


def tells(row: dict) -> bool:
    """Whether a row says that somebody was deleted or is being deleted."""
    return _key(row)[0].startswith(STONE) or _key(row)[1] == DELETION


def _key(row: dict) -> tuple[str, str]:
    return row["pk"]["S"], row["sk"]["S"]
