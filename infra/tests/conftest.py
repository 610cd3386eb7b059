"""Lets the tests import the local cloud's modules and the operator's commands."""

import sys
from pathlib import Path

INFRA = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(INFRA / "local"), str(INFRA)]
