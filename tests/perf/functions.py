"""Start-up and warm calls of our functions next to the same handlers in Node.js and Python, in turns, on a running local cloud.

    STACK_NAME=perf python functions.py --ours target/lambda-release --node FUNCTIONS.cjs --python python3 --out docs/measured/functions.json

Each is a process of its own behind one and the same runtime interface (interface.py), with the rights of our function's role and
the same table, bucket and secrets. The first event waits already when a process starts. Every answer's status is checked.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / part) for part in ("tests/contract", "infra/local")]
sys.path += [str(REPOSITORY / "tests" / "faults"), str(REPOSITORY / "tests")]

from conftest import new_person  # noqa: E402  (the tests' own modules, found by the line above)
from deploy import environment_of  # noqa: E402
from interface import PATIENCE_S, Interface  # noqa: E402
from places import Place  # noqa: E402
from stamp import FOUND, keep  # noqa: E402
from system import peak_mb, worked  # noqa: E402

PEER = Path(__file__).resolve().parent / "peers" / "functions.py"
EVENTS = REPOSITORY / "events"
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def event_of(path: str, person, **changed) -> dict:
    """An event of events/, with this person's session."""
    event = json.loads((EVENTS / path).read_text()) | changed
    if person:
        event["cookies"] = [f"__Host-session={person.http.cookies.get('__Host-session')}"]
        event["headers"] |= {"origin": person.site, "cloudfront-viewer-address": f"{person.address}:443"}
    return event


class Case:
    """One handler of the three: what is asked, and what must come."""

    def __init__(self, name: str, function: str, status: int) -> None:
        self.name, self.function, self.status = name, function, status

    def prepare(self, where: dict, place: Place, photo: bytes) -> None:
        """A new person each round: an hour's uploads are counted."""
        self.person = None if self.name == "webhook" else new_person(where)
        self.key = (place.home / "stripe-webhook" / "client-secret").read_text()
        if self.name == "show":
            self.generation = self.person.make(photo)["id"]

    def event(self) -> bytes:
        if self.name == "show":
            path = f"/api/generations/{self.generation}"
            event = event_of("generations/show.json", self.person, rawPath=path, pathParameters={"id": self.generation})
            event["requestContext"]["http"]["path"] = path
        elif self.name == "open":
            event = event_of("uploads/open.json", self.person)
        else:
            # Of a kind that nobody acts upon: only the signature is looked at.
            body = json.dumps({"id": f"evt_{uuid.uuid4().hex}", "object": "event", "created": int(time.time()),
                               "livemode": False, "type": "price.updated", "data": {"object": {"id": "price_1", "object": "price"}}})
            now = int(time.time())
            signature = hmac.new(self.key.encode(), f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
            event = event_of("stripe-webhook/refunded.json", None, body=base64.b64encode(body.encode()).decode(), isBase64Encoded=True)
            event["headers"]["stripe-signature"] = f"t={now},v1={signature}"
        return json.dumps(event).encode()


CASES = (Case("show", "generations", 200), Case("open", "uploads", 201), Case("webhook", "stripe-webhook", 200))


def used_s(pid: int) -> float:
    # Nanoseconds on a processor; ticks would be too coarse for what is this short. Threads that ended count in the ticks only.
    threads = sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return max(threads / 1e9, (worked(pid) - 1) * TICK_S)


def play(case: Case, command: list[str], env: dict, calls: int) -> dict:
    """One process from its start: the first answer, then `calls` more."""
    interface = Interface()

    def ask() -> float:
        answer, took = interface.answer(case.event())
        assert json.loads(answer).get("statusCode") == case.status, (command, answer)
        return took

    begun = time.perf_counter()
    said = tempfile.TemporaryFile()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env={
        **env, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{interface.server_port}", "HANDLER": case.name, "PYTHONDONTWRITEBYTECODE": "",
        "AWS_LAMBDA_FUNCTION_NAME": f"imageto3d-local-{case.function}", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_LOG_GROUP_NAME": "none", "AWS_LAMBDA_LOG_STREAM_NAME": "none"})
    try:
        ask()
        start_s, start_cpu_s = time.perf_counter() - begun, used_s(process.pid)
        for _ in range(5):
            ask()
        before = used_s(process.pid)
        took = [ask() for _ in range(calls)]
        return {"start_ms": start_s * 1000, "start_cpu_ms": start_cpu_s * 1000, "warm_ms": statistics.median(took) * 1000,
                "warm_p95_ms": statistics.quantiles(took, n=20, method="inclusive")[18] * 1000,
                "warm_cpu_ms": (used_s(process.pid) - before) * 1000 / calls, "most_mb": peak_mb(process.pid)}
    except queue.Empty:
        said.seek(0)
        sys.exit(f"{command[0]} said nothing for {PATIENCE_S} s as {case.name}: …{said.read()[-600:].decode(errors='replace')}")
    finally:
        process.kill()
        process.wait()
        interface.shutdown()
        interface.server_close()


def measure(arguments, where: dict, place: Place) -> dict:
    photo = (REPOSITORY / ".local" / "photos" / "coffee.png").read_bytes()
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    found: dict[str, dict[str, list[dict]]] = {case.name: {} for case in CASES}
    for turn in range(arguments.rounds):
        for case in CASES:
            case.prepare(where, place, photo)
            env = base | environment_of(place, case.function) | {"AWS_DEFAULT_REGION": where["region"]}
            commands = {"ours": [str(arguments.ours / case.function / "bootstrap")], "node": ["node", str(arguments.node)],
                        "python": [arguments.python, str(PEER)]}
            # In turns, each first once: what warms up along the way is nobody's advantage.
            names = list(commands)[turn % 3:] + list(commands)[: turn % 3]
            for name in names:
                one = play(case, commands[name], env, arguments.calls)
                found[case.name].setdefault(name, []).append(one)
    return {case: {name: {key: round(statistics.median(one[key] for one in runs), 2) for key in runs[0]} for name, runs in sides.items()}
            for case, sides in found.items()}


def version(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().removeprefix("v").removeprefix("Python ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", type=Path, required=True, help="folder of functions, built for release")
    parser.add_argument("--node", type=Path, required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--out", type=Path, default=FOUND / "functions.json")
    arguments = parser.parse_args()
    place = Place(os.environ["STACK_NAME"], 0)
    where = json.loads(place.ready_file.read_text())
    found = measure(arguments, where, Place(place.name, int(where["site"].rsplit(":", 1)[1])))
    for case, sides in found.items():
        for name, one in sides.items():
            ratios = " ".join(f"{key} {one[key]:.2f} ({one[key] / sides['ours'][key]:.1f}x)" for key in one)
            print(f"{case:8} {name:7} {ratios}", flush=True)
    versions = {"node": version(["node", "--version"]), "python": version([arguments.python, "--version"])}
    keep(arguments.out, {"cases": found, "versions": versions, "rounds": arguments.rounds, "calls": arguments.calls})


if __name__ == "__main__":
    main()
