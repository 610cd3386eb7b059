"""What each operation on the CPU costs in instructions, next to what it cost when it was last looked at.

    python instructions.py PROGRAM [--write]

PROGRAM is the example `instructions`, built for release. Counted by valgrind, which shows every program the same processor
(AVX2, no AVX-512), so the counts of one compiler are the same everywhere. Fails if one has grown by more than 2 %;
`--write` takes the new ones for good. Fewer instructions are not always less time: `make bench` tells that.
"""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

KNOWN = Path(__file__).resolve().parent / "instructions.json"
GROWTH = 1.02


def main() -> None:
    program, write = sys.argv[1], "--write" in sys.argv[2:]
    known = json.loads(KNOWN.read_text())
    with ThreadPoolExecutor() as both:
        found = dict(zip(known, both.map(lambda operation: cost(program, operation), known)))
    grown = False
    for operation, count in found.items():
        ratio = count / known[operation] if known[operation] else 1.0
        grown |= ratio > GROWTH
        print(f"{operation:12} {count:>12,}  {ratio:.3f}{'  has grown' if ratio > GROWTH else ''}")
    if write:
        KNOWN.write_text(json.dumps(found, indent=2) + "\n")
    elif grown:
        sys.exit(f"more than {GROWTH - 1:.0%} more instructions: make it cheaper, or say why and run with --write")


def cost(program: str, operation: str) -> int:
    """One run more: what starting costs falls out."""
    return counted(program, operation, 3) - counted(program, operation, 2)


def counted(program: str, operation: str, times: int) -> int:
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, operation, str(times)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    if "cpu avx2" not in said.stdout:
        sys.exit(f"{operation} ran on {said.stdout.split()[:2]}, not with AVX2: the counts would be others")
    return int(re.search(r"Collected : (\d+)", said.stderr)[1])


if __name__ == "__main__":
    main()
