"""The running local cloud: its parts, in the order in which they need each other."""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from cloud_process import answers, start_cloud, wait_for_cloud
from control import refuse_a_second
from deploy import deploy, environment_of, oidc_client_secret, own_secret
from follow import FunctionsLog
from places import (
    ACCOUNT, ENDPOINT_NAME, INFERENCE_COMPONENT_NAME, OIDC_CLIENT_ID, REGION, REPOSITORY, STAGE, Place,
)
from prerequisites import FUNCTIONS_BUILT, SERVERS, check_built, check_machine, check_ports, listens
from processes import Children, wait_until

# Each is a process of its own, as in Lambda.
MOST_STREAMS = 20


def up(place: Place) -> None:
    """Starts everything, says where it is, and runs until it is told to stop or a part ends."""
    began = time.monotonic()
    check_machine()
    check_built()
    refuse_a_second(place)
    check_ports(place)
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # SIGINT too: a background shell job ignores it
        signal.signal(told, _as_interrupt)
    children = Children(place.logs)
    log = None
    place.ready_file.unlink(missing_ok=True)  # a crash may have left one
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
        print("stopping …", flush=True)
        if log:
            log.stop()
        children.stop()
        place.pid_file.unlink(missing_ok=True)


def _start_parts(place: Place, children: Children) -> dict[str, str]:
    """Starts everything at once, deploys as soon as the cloud answers, waits for the rest."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    ports = place.ports
    start_cloud(place, children)
    children.start("container", [str(SERVERS / "inference-server"), "serve"], cwd=REPOSITORY, env={
        **base, "SAGEMAKER_BIND_TO_PORT": str(ports["container"]), "BIND_HOST": "127.0.0.1",
        "MODEL_DIR": str(REPOSITORY / ".local" / "models"),
    }, returns=True)
    children.start("endpoint", [str(SERVERS / "fake-sagemaker-runtime")], cwd=REPOSITORY, env={
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
    children.start("stripe", [sys.executable, "fake.py"], cwd=REPOSITORY / "infra" / "local" / "stripe", env={
        **base, "STRIPE_PORT": str(ports["stripe"]), "STRIPE_WEBHOOK": f"{place.site}/api/stripe/webhook",
        "STRIPE_KEY": "sk_test_" + own_secret(place, "stripe"),
        "STRIPE_SECRETS": json.dumps(["whsec_of_yesterday", own_secret(place, "stripe-webhook")]),
    })
    where = deploy(place, FUNCTIONS_BUILT)
    # A copy, so that the next build does not find the file in use.
    stream = shutil.copy2(FUNCTIONS_BUILT / "stream" / "bootstrap", place.home / "stream-bootstrap")
    children.start("stream", [str(SERVERS / "function-url"), str(ports["stream"]), str(MOST_STREAMS), str(stream)], cwd=place.home, env={
        **base, **environment_of(place, "stream"), "HEARTBEAT_MS": "1000",  # tests wait for one
    })
    web = REPOSITORY / "web"
    vite = web / "node_modules" / "vite" / "bin" / "vite.js"
    children.start("site", ["node", str(vite), "preview"], cwd=web, env={
        **base, "SITE_PORT": str(ports["site"]), "API_ORIGIN": place.cloud, "API_PREFIX": where["api_prefix"],
        "STORAGE_ORIGIN": place.cloud, "STREAM_ORIGIN": place.stream,
    })
    wait_until("the sign-in page", 20, lambda: answers(f"{place.issuer}/healthz"), children)
    wait_until("the endpoint", 20, lambda: answers(f"{place.endpoint}/_fake/faults"), children)
    wait_until("the fake Stripe", 20, lambda: answers(f"{place.stripe}/healthz"), children)
    wait_until("the streams", 20, lambda: listens(ports["stream"]), children)
    wait_until("the site", 30, lambda: answers(place.site), children)
    wait_until("the model server", 60, lambda: answers(f"{place.container}/ping"), children)
    return where


def _announce(place: Place, where: dict[str, str], took_s: float) -> None:
    facts = {
        "site": place.site, "stripe": place.stripe, "cloud": place.cloud, "issuer": place.issuer, "endpoint": place.endpoint,
        "container": place.container, "receiver": place.receiver, "region": REGION, "account": ACCOUNT, "stage": STAGE, "logs": str(place.logs), **where,
    }
    draft = place.ready_file.with_suffix(".draft")
    draft.write_text(json.dumps(facts, indent=2) + "\n")
    draft.replace(place.ready_file)
    print(f"ImageTo3D is ready after {took_s:.1f} s:  {place.site}")
    print(f"Sign in with any e-mail and any password. Logs: {_short(place.logs)}/*.log. Stop with Ctrl-C.", flush=True)


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _as_interrupt(_signal, _frame) -> None:
    raise KeyboardInterrupt
