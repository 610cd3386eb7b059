"""The local cloud's own promises: it stops what it started, and calls no broken file a model."""

import json
import os
import struct
import sys
import time

import pytest
from demo import check_glb
from places import Place, Trouble
from processes import Children, wait_until

STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"])
open(sys.argv[1], "w").write(f"{os.getpid()} {grandchild.pid}")
time.sleep(600)
"""


def _gone(pid: int) -> bool:
    """Not there, or dead and only waiting for somebody to notice."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] == "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_child_that_ignores_the_signal_is_killed_with_its_own_children(tmp_path):
    children, told = Children(tmp_path / "logs"), tmp_path / "pids"
    command = [sys.executable, "-c", STUBBORN, str(told)]
    children.start("stubborn", command, cwd=tmp_path, env=dict(os.environ), patience_s=0.2)
    wait_until("the child", 20, lambda: told.exists() and " " in told.read_text(), children)
    pids = [int(pid) for pid in told.read_text().split()]
    children.stop()
    end = time.monotonic() + 5
    while not all(_gone(pid) for pid in pids) and time.monotonic() < end:
        os.sched_yield()
    assert all(_gone(pid) for pid in pids)


def test_a_part_that_ends_is_named_with_the_end_of_its_log(tmp_path):
    children = Children(tmp_path)
    command = [sys.executable, "-c", "print('no licence'); raise SystemExit(3)"]
    children.start("engine", command, cwd=tmp_path, env=dict(os.environ))
    with pytest.raises(Trouble, match=r"engine ended with status 3(.|\n)*no licence"):
        wait_until("the engine", 20, lambda: False, children)
    children.stop()


def test_two_places_share_no_port_and_no_folder():
    dev, test = Place("dev", 8300), Place("test", 8400)
    assert not set(dev.ports.values()) & set(test.ports.values())
    assert dev.home != test.home


def _glb(scene: bytes, data: bytes = b"\0" * 8) -> bytes:
    scene += b" " * (-len(scene) % 4)
    chunks = struct.pack("<I4s", len(scene), b"JSON") + scene + struct.pack("<I4s", len(data), b"BIN\0") + data
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks


SCENE = json.dumps({"asset": {"version": "2.0"}, "meshes": [{"primitives": []}]}).encode()


def test_a_whole_model_passes():
    check_glb(_glb(SCENE))


@pytest.mark.parametrize("broken", [
    b"", b"PK\3\4" + b"\0" * 40, _glb(SCENE)[:-1], _glb(SCENE) + b"\0", _glb(b'{"asset":{}}'),
    _glb(SCENE).replace(struct.pack("<II", 2, len(_glb(SCENE))), struct.pack("<II", 1, len(_glb(SCENE)))),
    _glb(SCENE).replace(struct.pack("<I4s", 8, b"BIN\0"), struct.pack("<I4s", 9, b"BIN\0")),
], ids=["empty", "a zip", "cut off", "too long", "no mesh", "version 1", "a chunk beyond the end"])
def test_a_broken_model_is_named(broken):
    with pytest.raises(Trouble):
        check_glb(broken)
