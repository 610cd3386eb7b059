"""Planted: a budget that is broken must fail, and say by how much."""

import platform
import random
import subprocess
import sys
from pathlib import Path

import budgets
import pytest

LIMITS = {"zip_kb": {"auth": 100.0}, "container_mb": {"inference-server": 40.0}}


def test_what_fits_is_no_fault():
    assert budgets.broken({"zip_kb": {"auth": 100}, "container_mb": {"inference-server": 39.9}}, LIMITS) == []


def test_what_has_grown_is_named_with_figure_and_limit():
    assert budgets.broken({"zip_kb": {"auth": 101}, "container_mb": {"inference-server": 1}}, LIMITS) == ["zip_kb of auth is 101, and may be 100.0"]


@pytest.mark.parametrize(("found", "fault"), [
    ({"zip_kb": {"auth": 1, "new": 1}, "container_mb": {"inference-server": 1}}, "zip_kb of new: no limit is set"),
    ({"zip_kb": {}, "container_mb": {"inference-server": 1}}, "zip_kb of auth: nothing is measured"),
    ({"zip_kb": {"auth": 1}}, "container_mb of inference-server: nothing is measured"),
])
def test_a_new_function_needs_a_limit_and_a_limit_needs_its_function(found, fault):
    assert budgets.broken(found, LIMITS) == [fault]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the limits of local builds are of x86-64")
def test_the_command_fails_for_a_function_that_is_too_large(tmp_path):
    for name in budgets.FUNCTIONS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "bootstrap").write_bytes(b"small")
    (tmp_path / "auth" / "bootstrap").write_bytes(random.Random(1).randbytes(30_000_000))
    command = [sys.executable, str(Path(budgets.__file__)), "local", "--functions", str(tmp_path), "--without", "start_million_instructions",
               "--without", "hot_million_instructions", "--without", "container_mb"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "budget: zip_kb of auth is 30,0" in run.stderr and "and may be 8" in run.stderr and "raise the limit on purpose" in run.stderr


def test_a_function_that_is_not_built_is_named(tmp_path):
    with pytest.raises(SystemExit, match="auth/bootstrap is not built"):
        budgets.zips(tmp_path)
