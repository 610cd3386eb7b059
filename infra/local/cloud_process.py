"""How ministack is started: loopback only, access checks on, everything it keeps under .local/<name>/."""

import os
import shutil
import sys
import urllib.request

from places import REGION, REPOSITORY, Place, to_functions
from processes import Children, wait_until


def start_cloud(place: Place, children: Children) -> None:
    """Starts ministack and returns at once."""
    shutil.rmtree(place.home / "tmp", ignore_errors=True)  # unpacked functions of earlier builds
    for folder in ("cloud", "objects", "tmp"):
        (place.home / folder).mkdir(parents=True, exist_ok=True)
    env = {
        # Nothing of the caller's environment reaches the functions but what is named here.
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "TMPDIR": str(place.home / "tmp"),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(place.ports["cloud"]),
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(place.home / "cloud"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(place.home / "objects"),
        "LOG_LEVEL": "INFO",
        # The functions inherit these three.
        "AWS_ENDPOINT_URL": to_functions(place.cloud),
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": to_functions(place.endpoint),
        "OUTBOUND_ALSO": place.receiver,
    }
    launcher = REPOSITORY / "infra" / "local" / "ministack_launch.py"
    # It saves its state when told to stop, which took up to 6 s: give it time.
    children.start("cloud", [sys.executable, str(launcher)], cwd=place.home, env=env, patience_s=20)


def answers(url: str) -> bool:
    """Is there a 200 at this address?"""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_for_cloud(place: Place, children: Children) -> None:
    """Waits until ministack answers."""
    wait_until("the local cloud", 30, lambda: answers(f"{place.cloud}/_ministack/health"), children)
