"""What must be on the machine, and what to do if it is not."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from places import FUNCTIONS, REPOSITORY, Place, Trouble

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
# `make` names the target, so that cargo-lambda and plain cargo share what they build.
SERVERS = TARGET / os.environ.get("CARGO_BUILD_TARGET", "") / "local"
FUNCTIONS_BUILT = TARGET / "lambda"


def check_machine() -> None:
    """Names every missing tool at once."""
    missing = []
    if sys.version_info < (3, 11):
        missing.append("Python 3.11 or newer (this is {}.{})".format(*sys.version_info[:2]))
    node = _version("node")
    if node is None:
        missing.append("Node.js 20 or newer: install it from your system's packages or with a version manager")
    elif node < 20:
        missing.append(f"Node.js 20 or newer (this is {node})")
    if shutil.which("cargo") is None:
        missing.append("Rust: install rustup; the repository's rust-toolchain.toml picks the version")
    if shutil.which("c++") is None:
        missing.append("a C++ compiler (packing textures and compressing models): apt-get install g++, or Xcode's command line tools")
    if missing:
        raise Trouble("missing on this machine:\n  - " + "\n  - ".join(missing))


def check_built() -> None:
    """Names everything that `make` should have built before the stack starts."""
    wanted = {FUNCTIONS_BUILT / name / "bootstrap": "make build-local" for name in FUNCTIONS}
    wanted |= {SERVERS / name: "make build-local" for name in ("inference-server", "fake-sagemaker-runtime", "function-url")}
    wanted[REPOSITORY / "web" / "dist" / "index.html"] = "make web"
    wanted[REPOSITORY / "infra" / "local" / "oidc" / "node_modules" / "oidc-provider"] = "make setup-oidc"
    wanted[REPOSITORY / ".local" / "models" / "u2netp.onnx"] = "make models"
    missing = [f"{path.relative_to(REPOSITORY) if path.is_relative_to(REPOSITORY) else path}  ({remedy})" for path, remedy in wanted.items() if not path.exists()]
    if missing:
        raise Trouble("not built yet:\n  - " + "\n  - ".join(missing) + "\n`make dev` builds all of it")


def check_ports(place: Place) -> None:
    """Names every port that somebody else already listens on."""
    taken = [f"{port} ({part})" for part, port in place.ports.items() if listens(port)]
    if taken:
        raise Trouble(
            f"these ports are taken: {', '.join(taken)}. "
            f"Stop what listens there, or choose others: PORT_BASE={place.port_base + 1000} make dev"
        )


def listens(port: int) -> bool:
    """Whether somebody takes connections on this port of ours."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.3)
            try:
                probe.connect((host, port))
                return True
            except OSError:
                continue
    return False


def _version(program: str) -> int | None:
    if shutil.which(program) is None:
        return None
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.", answer)
    return int(found.group(1)) if found else None


if __name__ == "__main__":
    try:
        check_machine()
    except Trouble as trouble:
        sys.exit(f"error: {trouble}")
