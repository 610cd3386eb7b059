"""The real processes behind a call: who made it, how busy it is, and its sudden end."""

import os
import signal
from pathlib import Path


def owner_of(port: int) -> int:
    """The process at the other end of a connection, by its own port on this machine."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    inode = next(row[9] for row in rows if int(row[1].rpartition(":")[2], 16) == port and row[9] != "0")
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) == f"socket:[{inode}]":
                return int(link.parts[2])
        except OSError:  # it ended while we looked
            pass
    raise LookupError(f"no process has the connection from port {port}")


def listener_on(port: int) -> int:
    """The process that listens there."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    assert any(int(row[1].rpartition(":")[2], 16) == port and row[3] == "0A" for row in rows), f"nobody listens on {port}"
    return owner_of(port)


def kill(process: int) -> None:
    """What cannot be caught: no destructor, no last word."""
    os.kill(process, signal.SIGKILL)


def worked(process: int) -> int:
    """The CPU time that it has had, in ticks of 10 ms."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def peak_mb(process: int) -> float:
    """The most memory that it had resident since that was last forgotten, in MB."""
    return _memory_mb(process, "VmHWM")


def resident_mb(process: int) -> float:
    """The memory that it has resident, in MB."""
    return _memory_mb(process, "VmRSS")


def _memory_mb(process: int, field: str) -> float:
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1024
