"""Starting in the background, stopping, forgetting: what needs no cloud to be installed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from places import Place, Trouble


def start(place: Place) -> None:
    """Runs `up` in the background and returns once it is ready; its own words go to logs/stack.log."""
    refuse_a_second(place)
    place.logs.mkdir(parents=True, exist_ok=True)
    place.ready_file.unlink(missing_ok=True)  # a crash may have left one
    log = place.logs / "stack.log"
    command = [sys.executable, str(Path(__file__).with_name("stack.py")), "up", "--name", place.name, "--port-base", str(place.port_base)]
    with log.open("wb") as output:
        stack = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    while not place.ready_file.exists():
        if stack.poll() is not None:
            raise Trouble(log.read_text().strip().removeprefix("error: "))
        time.sleep(0.05)
    print(log.read_text().strip())


def stop(place: Place) -> None:
    """Stops the stack of this name, if one runs, and waits until it has."""
    pid = running(place)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 40
    while running(place) is not None:
        if time.monotonic() > end:
            raise Trouble(f"the local cloud '{place.name}' (process {pid}) did not stop within 40 s")
        time.sleep(0.05)


def reset(place: Place) -> None:
    """Forgets users, photos and models of this stack; sign-in keys and logs go too."""
    if running(place) is not None:
        raise Trouble(f"the local cloud '{place.name}' is running: stop it first (Ctrl-C in its window)")
    shutil.rmtree(place.home, ignore_errors=True)


def refuse_a_second(place: Place) -> None:
    pid = running(place)
    if pid is not None:
        raise Trouble(f"the local cloud '{place.name}' already runs (process {pid}) at {place.site}")


def running(place: Place) -> int | None:
    """The process of this stack, if it is alive; a file left by a crash does not count."""
    try:
        pid = int(place.pid_file.read_text())
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    command = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False).stdout
    return pid if "stack.py" in command else None
