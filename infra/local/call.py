"""Calls one function of the running local cloud with an event, past the API and the clock, and prints its answer.

    python call.py upkeep                                   what its clock does every two minutes, now
    python call.py account ../../events/account/me.json
"""

import argparse
import sys
from pathlib import Path

from deploy import Cloud
from places import FUNCTIONS, REPOSITORY, STAGE, Place

EVENTS = REPOSITORY / "events"
CLOCKS = {"upkeep": EVENTS / "upkeep" / "clock.json", "privacy": EVENTS / "privacy" / "clock.json", "billing": EVENTS / "clocks" / "billing.json"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("function", choices=FUNCTIONS)
    parser.add_argument("event", nargs="?", type=Path, help="what the function's clock sends, if it has one")
    parser.add_argument("--name", default="dev")
    parser.add_argument("--port-base", type=int, default=8300)
    arguments = parser.parse_args()
    event = arguments.event or CLOCKS.get(arguments.function)
    if event is None:
        parser.error(f"{arguments.function} has no clock: name an event of {EVENTS.name}/{arguments.function}")
    place = Place(arguments.name, arguments.port_base)
    if not place.ready_file.exists():
        print(f"error: the local cloud '{place.name}' is not running: start it with `make dev`", file=sys.stderr)
        return 1
    answer = Cloud(place).client("lambda").invoke(
        FunctionName=f"imageto3d-{STAGE}-{arguments.function}", Payload=event.read_bytes())
    print(answer["Payload"].read().decode())
    return 1 if "FunctionError" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
