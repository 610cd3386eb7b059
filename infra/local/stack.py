"""The local cloud: production's templates, real functions, real model server, on one machine and without Docker.

    python stack.py up    --name dev --port-base 8300    until Ctrl-C
    python stack.py start --name test --port-base 8400   in the background; returns once it is ready
    python stack.py stop  --name test
    python stack.py reset --name dev                     forgets everything it stored
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from cloud_process import answers, start_cloud, wait_for_cloud
from deploy import deploy, oidc_client_secret
from follow import FunctionsLog
from places import (
    ACCOUNT, ENDPOINT_NAME, INFERENCE_COMPONENT_NAME, OIDC_CLIENT_ID, REGION, REPOSITORY, STAGE, Place, Trouble,
)
from prerequisites import BUILT, check_built, check_machine, check_ports
from processes import Children, wait_until


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["up", "start", "stop", "reset"])
    parser.add_argument("--name", default="dev")
    parser.add_argument("--port-base", type=int, default=int(os.environ.get("PORT_BASE", "8300")))
    arguments = parser.parse_args()
    place = Place(arguments.name, arguments.port_base)
    try:
        {"up": up, "start": start, "stop": stop, "reset": reset}[arguments.command](place)
    except Trouble as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def up(place: Place) -> None:
    """Starts everything, says where it is, and runs until it is told to stop or a part ends."""
    began = time.monotonic()
    check_machine()
    check_built()
    _refuse_a_second(place)
    check_ports(place)
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, _as_interrupt)
    children = Children(place.logs)
    log = None
    try:
        place.pid_file.write_text(str(os.getpid()))
        where = _start_parts(place, children)
        log = FunctionsLog(place)
        log.start()
        _announce(place, where, time.monotonic() - began)
        while True:
            children.raise_if_any_ended()
            time.sleep(0.5)
    finally:
        # A second Ctrl-C must not interrupt the cleaning up.
        for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(told, signal.SIG_IGN)
        place.ready_file.unlink(missing_ok=True)
        if log:
            log.stop()
        children.stop()
        place.pid_file.unlink(missing_ok=True)


def start(place: Place) -> None:
    """Runs `up` in the background and returns once it is ready; its own words go to logs/stack.log."""
    _refuse_a_second(place)
    place.logs.mkdir(parents=True, exist_ok=True)
    log = place.logs / "stack.log"
    command = [sys.executable, __file__, "up", "--name", place.name, "--port-base", str(place.port_base)]
    with log.open("wb") as output:
        stack = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    while not place.ready_file.exists():
        if stack.poll() is not None:
            raise Trouble(log.read_text().strip().removeprefix("error: "))
        time.sleep(0.05)
    print(log.read_text().strip())


def stop(place: Place) -> None:
    """Stops the stack of this name, if one runs, and waits until it has."""
    pid = _running(place)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 40
    while _running(place) is not None:
        if time.monotonic() > end:
            raise Trouble(f"the local cloud '{place.name}' (process {pid}) did not stop within 40 s")
        time.sleep(0.05)


def reset(place: Place) -> None:
    """Forgets users, photos and models of this stack; sign-in keys and logs go too."""
    if _running(place) is not None:
        raise Trouble(f"the local cloud '{place.name}' is running: stop it first (Ctrl-C in its window)")
    shutil.rmtree(place.home, ignore_errors=True)


def _start_parts(place: Place, children: Children) -> dict[str, str]:
    """Starts everything at once, deploys as soon as the cloud answers, waits for the rest."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    ports = place.ports
    start_cloud(place, children)
    children.start("container", [str(BUILT / "inference-server"), "serve"], cwd=REPOSITORY, env={
        **base, "SAGEMAKER_BIND_TO_PORT": str(ports["container"]), "BIND_HOST": "127.0.0.1",
        "MODEL_DIR": str(REPOSITORY / ".local" / "models"),
    })
    children.start("endpoint", [str(BUILT / "fake-sagemaker-runtime")], cwd=REPOSITORY, env={
        **base, "PORT": str(ports["endpoint"]), "CONTAINER": place.container,
        "ENDPOINT_NAME": ENDPOINT_NAME, "INFERENCE_COMPONENT_NAME": INFERENCE_COMPONENT_NAME,
    })
    oidc = REPOSITORY / "infra" / "local" / "oidc"
    children.start("sign-in", ["node", "server.mjs"], cwd=oidc, env={
        **base, "ISSUER": place.issuer, "PORT": str(ports["sign-in"]), "KEY_FOLDER": str(place.home / "oidc"),
        "CLIENT_ID": OIDC_CLIENT_ID, "CLIENT_SECRET": oidc_client_secret(place),
        "REDIRECT_URI": f"{place.site}/api/auth/callback",
    })
    wait_for_cloud(place, children)
    where = deploy(place, BUILT)
    web = REPOSITORY / "web"
    vite = web / "node_modules" / "vite" / "bin" / "vite.js"
    children.start("site", ["node", str(vite), "preview"], cwd=web, env={
        **base, "SITE_PORT": str(ports["site"]), "API_ORIGIN": place.cloud, "API_PREFIX": where["api_prefix"],
        "STORAGE_ORIGIN": place.cloud,
    })
    wait_until("the sign-in page", 20, lambda: answers(f"{place.issuer}/healthz"), children)
    wait_until("the endpoint", 20, lambda: answers(f"{place.endpoint}/_fake/faults"), children)
    wait_until("the site", 30, lambda: answers(place.site), children)
    wait_until("the model server", 60, lambda: answers(f"{place.container}/ping"), children)
    return where


def _announce(place: Place, where: dict[str, str], took_s: float) -> None:
    facts = {
        "site": place.site, "cloud": place.cloud, "issuer": place.issuer, "endpoint": place.endpoint,
        "container": place.container, "region": REGION, "account": ACCOUNT, "stage": STAGE, "logs": str(place.logs), **where,
    }
    draft = place.ready_file.with_suffix(".draft")
    draft.write_text(json.dumps(facts, indent=2) + "\n")
    draft.replace(place.ready_file)
    print(f"ImageTo3D is ready after {took_s:.1f} s:  {place.site}")
    print(f"Sign in with any e-mail and any password. Logs: {_short(place.logs)}/*.log. Stop with Ctrl-C.", flush=True)


def _refuse_a_second(place: Place) -> None:
    pid = _running(place)
    if pid is not None:
        raise Trouble(f"the local cloud '{place.name}' already runs (process {pid}) at {place.site}")


def _running(place: Place) -> int | None:
    """The process of this stack, if it is alive; a file left by a crash does not count."""
    try:
        pid = int(place.pid_file.read_text())
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    command = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False).stdout
    return pid if "stack.py" in command else None


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _as_interrupt(_signal, _frame) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
