"""Child processes that never outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from places import Trouble

PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """On Linux a child gets SIGTERM even if we are killed without a chance to stop it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    """The running parts, each in its own process group, stopped in reverse order of their start."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[tuple[str, subprocess.Popen, float]] = []
        self._returning: dict[str, tuple] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(
        self, name: str, command: list[str], cwd: Path, env: dict[str, str], patience_s: float = 5, returns: bool = False,
    ) -> None:
        """Starts one part; its output goes to logs/<name>.log. `patience_s` is what it may take to stop by itself. One that
        `returns` is started anew when something kills it, as its platform would."""
        if returns:
            self._returning[name] = (command, cwd, env, patience_s)
        path = self._logs / f"{name}.log"
        if path.exists():
            path.replace(path.with_suffix(".previous.log"))  # one run back is kept, and no more
        with path.open("wb") as log:
            child = subprocess.Popen(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=_die_with_parent,
            )
        self._running.append((name, child, patience_s))

    def raise_if_any_ended(self) -> None:
        """Names a part that ended by itself, with the end of its log."""
        for part in list(self._running):
            name, child, _ = part
            if child.poll() is None:
                continue
            if child.returncode == -signal.SIGKILL and name in self._returning:
                self._running.remove(part)
                self.start(name, *self._returning[name])
            else:
                log = self._logs / f"{name}.log"
                last = "\n  ".join(log.read_text(errors="replace").splitlines()[-8:])
                raise Trouble(f"{name} ended with status {child.returncode}; the end of {log}:\n  {last}")

    def stop(self) -> None:
        """Asks everybody to stop, waits as long as each may take, then kills the whole group."""
        for _, child, _ in reversed(self._running):
            _signal_group(child, signal.SIGTERM)
        asked = time.monotonic()
        for _, child, patience_s in reversed(self._running):
            try:
                child.wait(max(0.1, asked + patience_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal_group(child, signal.SIGKILL)  # also whatever the child itself left behind in its group
            child.wait()
        self._running.clear()


def _signal_group(child: subprocess.Popen, which: int) -> None:
    try:
        os.killpg(child.pid, which)
    except ProcessLookupError:
        pass


def wait_until(what: str, deadline_s: float, ready, children: Children) -> None:
    """Polls until `ready()` is true; a part that ends meanwhile, or the deadline, is named."""
    end = time.monotonic() + deadline_s
    while not ready():
        children.raise_if_any_ended()
        if time.monotonic() > end:
            raise Trouble(f"{what} was not ready after {deadline_s:.0f} s")
        time.sleep(0.05)
