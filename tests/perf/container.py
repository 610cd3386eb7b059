"""The container as a Lambda function: its start, its first models and its memory, on one core and on two.

    python container.py --server target/release/inference-server --models .local/models --photos .local/photos

Lambda gives a share of a core for each 1,769 MB: one core stands for 1,769 MB, two for 3,538 MB. Its download and sandbox are not here.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path += [str(REPOSITORY / "tests" / "faults"), str(REPOSITORY / "tests")]

from interface import Interface  # noqa: E402
from stamp import FOUND, keep  # noqa: E402  (the tests' own modules, found by the line above)
from system import peak_mb  # noqa: E402

PHOTOS = ("coffee.png", "mushroom-with-alpha.png")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args) -> None:
        pass


def storage(photos: Path) -> ThreadingHTTPServer:
    """What a signed link leads to."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=photos))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def play(arguments, cores: int, photo: str, calls: int) -> dict:
    """One process from its start, on so many cores."""
    interface, store = Interface(), storage(arguments.photos)
    link = f"http://127.0.0.1:{store.server_port}/{photo}"
    event = json.dumps({"photo": {"link": link, "content_type": "image/png"}, "attributes": '{"v":1}'}).encode()

    def ask() -> float:
        answer, took = interface.answer(event)
        assert answer.startswith(b'{"statusCode":200'), answer[:300]
        return took

    begun = time.perf_counter()
    process = subprocess.Popen(
        [arguments.server, "serve"], stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, set(range(cores))), env={
            "MODEL_DIR": str(arguments.models), "AWS_ENDPOINT_URL": f"http://127.0.0.1:{store.server_port}",
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{interface.server_port}", "AWS_LAMBDA_FUNCTION_NAME": "model",
            "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "3008"})
    try:
        first = ask()
        whole = time.perf_counter() - begun
        return {"start_s": whole - first, "first_s": first, "next_s": statistics.median(ask() for _ in range(calls)), "most_mb": peak_mb(process.pid)}
    finally:
        process.kill()
        process.wait()
        for server in (interface, store):
            server.shutdown()
            server.server_close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("server", "models", "photos"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", type=int, default=3)
    parser.add_argument("--out", type=Path, default=FOUND / "container.json")
    arguments = parser.parse_args()
    found = []
    for photo in PHOTOS:
        for cores in (1, 2):
            runs = [play(arguments, cores, photo, arguments.calls) for _ in range(arguments.rounds)]
            found.append({"photo": photo.partition(".")[0], "cores": cores, **{key: round(statistics.median(run[key] for run in runs), 2) for key in runs[0]}})
            print(json.dumps(found[-1]), flush=True)
    keep(arguments.out, {"rows": found, "rounds": arguments.rounds, "calls": arguments.calls})


if __name__ == "__main__":
    main()
