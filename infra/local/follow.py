"""Writes what the functions log into one file, in the order of time."""

import threading
import time
from pathlib import Path

from deploy import Cloud
from places import FUNCTIONS, STAGE, Place

# Lambda's own lines, which say nothing that the functions' lines do not.
FRAME = ("START RequestId", "END RequestId", "REPORT RequestId")
LOOK_BACK_MS = 5_000


class FunctionsLog(threading.Thread):
    """Reads the log groups once a second; a reader's `tail -f` of functions.log shows the whole backend."""

    def __init__(self, place: Place) -> None:
        super().__init__(name="functions-log", daemon=True)
        self._logs = Cloud(place).client("logs")
        self._path: Path = place.logs / "functions.log"
        if self._path.exists():
            self._path.replace(self._path.with_suffix(".previous.log"))
        self._told = threading.Event()
        self._seen: dict[tuple, int] = {}
        self._since = time.time_ns() // 1_000_000

    def run(self) -> None:
        while not self._told.wait(1):
            self._copy()

    def stop(self) -> None:
        """Copies what is still there and ends."""
        self._told.set()
        self.join(5)
        self._copy()

    def _copy(self) -> None:
        lines = []
        for name in FUNCTIONS:
            try:
                lines += self._new_lines(name)
            except Exception as error:  # a log that cannot be read must not stop the stack
                lines.append((0, f"{name:12} (log not readable: {error})"))
        if lines:
            with self._path.open("a") as file:
                file.writelines(f"{line}\n" for _, line in sorted(lines))
        if self._seen:
            # Lines come a little out of order: look back over the last seconds, and forget what is older.
            self._since = max(self._since, max(self._seen.values()) - LOOK_BACK_MS)
            self._seen = {key: at for key, at in self._seen.items() if at >= self._since}

    def _new_lines(self, name: str) -> list[tuple[int, str]]:
        group = f"/aws/lambda/imageto3d-{STAGE}-{name}"
        found, page = [], {}
        while page is not None:
            answer = self._logs.filter_log_events(logGroupName=group, startTime=self._since, **page)
            for event in answer["events"]:
                # ministack gives its events no id.
                key = (event.get("logStreamName"), event["timestamp"], event["message"])
                if key in self._seen:
                    continue
                self._seen[key] = event["timestamp"]
                if not event["message"].startswith(FRAME):
                    found.append((event["timestamp"], f"{name:12} {event['message'].rstrip()}"))
            page = {"nextToken": answer["nextToken"]} if answer.get("nextToken") else None
        return found
