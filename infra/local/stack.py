"""The local cloud: production's templates, real functions, real model server, on one machine and without Docker.

    python stack.py up    --name dev --port-base 8300    until Ctrl-C
    python stack.py start --name test --port-base 8400   in the background; returns once it is ready
    python stack.py stop  --name test
    python stack.py reset --name dev                     forgets everything it stored
"""

import argparse
import os
import sys

from control import reset, start, stop
from places import Place, Trouble


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["up", "start", "stop", "reset"])
    parser.add_argument("--name", default="dev")
    parser.add_argument("--port-base", type=int, default=int(os.environ.get("PORT_BASE", "8300")))
    arguments = parser.parse_args()
    place = Place(arguments.name, arguments.port_base)
    try:
        if arguments.command == "up":
            from parts import up  # only this one needs what `make setup` installs
            up(place)
        else:
            {"start": start, "stop": stop, "reset": reset}[arguments.command](place)
    except Trouble as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
