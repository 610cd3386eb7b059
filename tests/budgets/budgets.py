"""What must not grow unseen: the functions' zips and start-ups, the hot paths, the container's program. A change that breaks one fails.

    python budgets.py local   [--write]     what the gate builds, unoptimised: cheap, so in every gate
    python budgets.py release [--write]     what is deployed

The limits stand in budgets.toml. To raise one on purpose, run with `--write`, which sets each to what is measured and a
little room, and say in the change why it was worth it. Instructions are counted by valgrind from a process's start until
it asks for its first event; its secrets come from a server in here, so nothing else runs.
"""

import argparse
import json
import math
import platform
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path += [str(REPOSITORY / "infra"), str(REPOSITORY / "tests")]

from release.code import zipped  # noqa: E402  (found by the line above)
from release.names import FUNCTIONS  # noqa: E402
from stamp import keep  # noqa: E402

LIMITS = Path(__file__).resolve().parent / "budgets.toml"
OPERATIONS = REPOSITORY / "inference" / "kernels" / "instructions.json"
SIDE = 40  # of the field: points along each edge
FACES, TEXTURE = 500, 256  # of the surface whose texture is baked; texels along each edge
PHOTOS = REPOSITORY / ".local" / "photos"
DECODED = {"png": PHOTOS / "coffee.png", "jpeg": PHOTOS / "rocket.jpg", "webp": REPOSITORY / "inference" / "image" / "tests" / "fixtures" / "rocket.webp"}
ROOM = 1.04
WIDE = 1.15  # of what is deployed: these limits are measured on x86-64 and hold for arm64 too
PATIENCE_S = 120
COUNTING = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
COUNTED = re.compile(r"Collected : (\d+)")
KINDS = ("zip_kb", "start_million_instructions", "hot_million_instructions", "container_mb")
SECRETS = {
    "session-keys": {"keys": [{"kid": "one", "key": "A" * 43 + "="}]}, "oidc-client": {"client_secret": "none"},
    "stripe-key": {"secret_key": "sk_test_none"}, "stripe-webhook": [{"id": "one", "secret": "whsec_none"}],
}
# Every variable that a template gives a function, in the same form; no address is called, except this server's.
ENVIRONMENT = {
    "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_LAMBDA_FUNCTION_NAME": "none",
    "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_LAMBDA_LOG_GROUP_NAME": "none",
    "AWS_LAMBDA_LOG_STREAM_NAME": "none", "STAGE": "local",
    "TABLE_NAME": "imageto3d-local", "SITE_ORIGIN": "https://site.invalid", "UPLOADS_BUCKET": "uploads", "MODELS_BUCKET": "models",
    "QUEUE_URL": "https://queue.invalid/1", "WEBHOOKS_QUEUE_URL": "https://queue.invalid/2", "DEAD_LETTER_QUEUE_URL": "https://queue.invalid/3",
    "ENDPOINT_NAME": "imageto3d-local", "INFERENCE_COMPONENT_NAME": "relief", "MAIL_FROM": "Us <us@mail.invalid>", "HEARTBEAT_MS": "10000", "MODELS_AT_ONCE": "2",
    "OIDC_ISSUER": "https://issuer.invalid", "OIDC_CLIENT_ID": "us", "OIDC_CLIENT_SECRET_ARN": "oidc-client",
    "SESSION_KEYS_SECRET_ARN": "session-keys", "STRIPE_KEY_SECRET_ARN": "stripe-key", "STRIPE_WEBHOOK_SECRET_ARN": "stripe-webhook",
    "STRIPE_API": "https://stripe.invalid/", "STRIPE_MODE": "test", "STRIPE_TAX": "off",
}


class Cloud(BaseHTTPRequestHandler):
    """The runtime interface and the secrets, for one process."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.set()  # for the first event: there is none
        self.server.over.wait(PATIENCE_S)

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "init/error" in self.path:
            self.server.fault = told.decode(errors="replace")
            self.server.asked.set()
        name = json.loads(told or b"{}").get("SecretId", "") if told.startswith(b"{") else ""
        body = json.dumps({"ARN": name, "Name": name, "SecretString": json.dumps(SECRETS.get(name))}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args) -> None:
        pass


def start_instructions(bootstrap: Path, function: str) -> int:
    """Instructions from the start until the first event is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cloud)
    server.daemon_threads, server.asked, server.over, server.fault = True, threading.Event(), threading.Event(), None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"127.0.0.1:{server.server_port}"
    process = subprocess.Popen(
        [*COUNTING, str(bootstrap)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT | {"AWS_LAMBDA_RUNTIME_API": here, "AWS_ENDPOINT_URL": f"http://{here}"})
    try:
        asked = server.asked.wait(PATIENCE_S)
        process.terminate()
        said = process.communicate(timeout=PATIENCE_S)[1]
    finally:
        process.kill()
        server.over.set()
        server.shutdown()
        server.server_close()
    count = COUNTED.search(said)
    if not asked or server.fault or not count:
        raise SystemExit(f"{function} does not start: {server.fault or said[-600:]}")
    return int(count[1])


def zips(functions: Path) -> dict[str, float]:
    found = {}
    for name in FUNCTIONS:
        bootstrap = functions / name / "bootstrap"
        if not bootstrap.is_file():
            raise SystemExit(f"{bootstrap} is not built")
        found[name] = round(len(zipped(bootstrap.read_bytes(), squeeze=True)) / 1000)
    return found


def starts(functions: Path) -> dict[str, float]:
    with ThreadPoolExecutor(2) as pool:
        counts = pool.map(lambda name: start_instructions(functions / name / "bootstrap", name), FUNCTIONS)
        return {name: round(count / 1e6, 1) for name, count in zip(FUNCTIONS, counts)}


def bumpy_ball(side: int) -> bytes:
    """The field of a surface with bumps and valleys, as the example program reads it."""
    line = [2 * place / (side - 1) - 1 for place in range(side)]
    return b"".join(
        struct.pack("<f", 0.7 - math.hypot(x, y, z) + 0.08 * math.sin(9 * x) * math.sin(9 * y) * math.sin(9 * z)) for z in line for y in line for x in line)


def model_of(vertices: bytes, triangles: bytes) -> bytes:
    """A GLB of a surface of the example program, in the unit box on the floor."""
    numbers = [number / SIDE for number in struct.unpack(f"<{len(vertices) // 4}f", vertices)]
    places = b"".join(struct.pack("<3f", x - 0.5, y, z - 0.5) for x, y, z in zip(*[iter(numbers)] * 3))
    views = [{"buffer": 0, "byteOffset": 0, "byteLength": len(places)}, {"buffer": 0, "byteOffset": len(places), "byteLength": len(triangles)}]
    accessors = [
        {"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": len(places) // 12, "min": [-0.5, 0, -0.5], "max": [0.5, 1, 0.5]},
        {"bufferView": 1, "componentType": 5125, "type": "SCALAR", "count": len(triangles) // 4},
    ]
    described = json.dumps({
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}], "buffers": [{"byteLength": len(places + triangles)}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}], "bufferViews": views, "accessors": accessors,
    }).encode()
    described += b" " * (-len(described) % 4)
    chunks = b"".join(struct.pack("<I4s", len(body), name) + body for name, body in ((b"JSON", described), (b"BIN\0", places + triangles)))
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def counted(command: list) -> int:
    """Instructions of one run on one thread; valgrind shows every program the same processor."""
    run = subprocess.run([*COUNTING, *map(str, command)], check=True, capture_output=True, text=True, env={"RAYON_NUM_THREADS": "1"})
    return int(COUNTED.search(run.stderr)[1])


def hot(examples: Path) -> dict[str, float]:
    """The paths where a model's time goes: reading a photo, the network's operations, from a field to a small closed surface, its texture."""
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        folder = Path(name)
        field, model = folder / "field", folder / "model.glb"
        field.write_bytes(bumpy_ball(SIDE))
        surface = [examples / "surfaces", field, SIDE, SIDE, SIDE, 0, folder, FACES]
        subprocess.run(list(map(str, surface)), check=True, capture_output=True)
        model.write_bytes(model_of((folder / f"simple{FACES}.v").read_bytes(), (folder / f"simple{FACES}.t").read_bytes()))
        commands = {"surface": surface, "texture": [examples / "textures", model, PHOTOS / "mushroom-with-alpha.png", TEXTURE, folder, 1]}
        commands |= {f"photo_{kind}": [examples / "photos", photo, 256, 1, folder / f"{kind}.png"] for kind, photo in DECODED.items()}
        commands |= {name: [examples / "instructions", name, 2] for name in json.loads(OPERATIONS.read_text())}
        return {name: round(count / 1e6, 1) for name, count in zip(commands, pool.map(counted, commands.values()))}


def measure(functions: Path, container: Path, examples: Path, without: list[str]) -> dict[str, dict[str, float]]:
    """Of each thing that has a limit, what it is now."""
    all = {
        "zip_kb": lambda: zips(functions), "start_million_instructions": lambda: starts(functions),
        "hot_million_instructions": lambda: hot(examples),
        "container_mb": lambda: {"inference-server": round(container.stat().st_size / 1e6, 2)},
    }
    return {what: look() for what, look in all.items() if what not in without}


def broken(found: dict, limits: dict) -> list[str]:
    """A sentence for each limit that does not hold, or is missing, or names nothing."""
    faults = []
    for what in sorted(found.keys() | limits.keys()):
        for name in sorted(found.get(what, {}).keys() | limits.get(what, {}).keys()):
            is_now, limit = found.get(what, {}).get(name), limits.get(what, {}).get(name)
            if is_now is None or limit is None:
                faults.append(f"{what} of {name}: {'nothing is measured' if is_now is None else 'no limit is set'}")
            elif is_now > limit:
                faults.append(f"{what} of {name} is {is_now:,}, and may be {limit:,}")
    return faults


def write(kind: str, found: dict) -> None:
    """Sets this kind's limits to what is measured and a little room."""
    limits = tomllib.loads(LIMITS.read_text()) if LIMITS.exists() else {}
    room = {what: WIDE if (kind, what) == ("release", "zip_kb") else ROOM for what in found}
    limits[kind] = limits.get(kind, {}) | {what: {name: float(f"{value * room[what]:.3g}") for name, value in all.items()} for what, all in found.items()}
    lines = ["# The most that each may be; `python tests/budgets/budgets.py KIND --write` sets them anew, on purpose."]
    for one, tables in sorted(limits.items()):
        for what, all in tables.items():
            lines += ["", f"[{one}.{what}]", *(f"{name} = {value:g}" for name, value in all.items())]
    LIMITS.write_text("\n".join(lines) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["local", "release"])
    parser.add_argument("--functions", type=Path, required=True)
    parser.add_argument("--container", type=Path, default=Path("not-built"))
    parser.add_argument("--examples", type=Path, default=Path("not-built"))
    parser.add_argument("--without", action="append", default=[], choices=KINDS)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--out", type=Path, help="what was measured and the limits, for docs/proof.md")
    arguments = parser.parse_args()
    if platform.machine() != "x86_64" and arguments.kind == "local":
        print(f"budgets: the limits of local builds are of x86-64, and this is {platform.machine()}: nothing is judged")
        return 0
    if shutil.which("valgrind") is None and not {"start_million_instructions", "hot_million_instructions"} <= set(arguments.without):
        sys.exit("valgrind is missing: apt-get install valgrind")
    found = measure(arguments.functions, arguments.container, arguments.examples, arguments.without)
    if arguments.write:
        write(arguments.kind, found)
    limits = {what: all for what, all in tomllib.loads(LIMITS.read_text()).get(arguments.kind, {}).items() if what not in arguments.without}
    for what, all in found.items():
        print(f"{arguments.kind} {what}: " + ", ".join(f"{name} {value:,} of {limits.get(what, {}).get(name, '?')}" for name, value in all.items()))
    if arguments.out:
        keep(arguments.out, {"found": found, "limits": limits})
    faults = broken(found, limits)
    for fault in faults:
        print(f"budget: {fault}", file=sys.stderr)
    if faults:
        print("make it smaller; or raise the limit on purpose: see tests/budgets/budgets.py", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
