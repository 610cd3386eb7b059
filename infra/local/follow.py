"""Writes what the functions log into one file, in the order of time."""

import threading
from pathlib import Path

from deploy import Cloud
from places import FUNCTIONS, STAGE, Place

# Lambda's own lines, which say nothing that the functions' lines do not.
FRAME = ("START RequestId", "END RequestId", "REPORT RequestId")


class FunctionsLog(threading.Thread):
    """Reads the log groups once a second; a reader's `tail -f` of functions.log shows the whole backend."""

    def __init__(self, place: Place) -> None:
        super().__init__(name="functions-log", daemon=True)
        self._logs = Cloud(place).client("logs")
        self._path: Path = place.logs / "functions.log"
        self._told = threading.Event()
        self._seen: set[str] = set()
        self._since: dict[str, int] = {}

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

    def _new_lines(self, name: str) -> list[tuple[int, str]]:
        group = f"/aws/lambda/imageto3d-{STAGE}-{name}"
        found, page = [], {}
        while page is not None:
            answer = self._logs.filter_log_events(
                logGroupName=group, startTime=self._since.get(name, 0), **page)
            for event in answer["events"]:
                if event["eventId"] in self._seen:
                    continue
                self._seen.add(event["eventId"])
                self._since[name] = max(self._since.get(name, 0), event["timestamp"])
                if not event["message"].startswith(FRAME):
                    found.append((event["timestamp"], f"{name:12} {event['message'].rstrip()}"))
            page = {"nextToken": answer["nextToken"]} if answer.get("nextToken") else None
        return found
