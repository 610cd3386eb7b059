"""Where everything of one local cloud is: its ports, its folders, its names."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "infra"))

from release.names import FUNCTIONS  # noqa: E402, F401  (found by the line above)

STAGE = "local"
REGION = "us-east-1"
ACCOUNT = "000000000000"
ENDPOINT_NAME = "imageto3d-local"
INFERENCE_COMPONENT_NAME = "imageto3d-local-relief"
OIDC_CLIENT_ID = "imageto3d-local"
MAIL_DOMAIN = "imageto3d.example"
MAIL_FROM = f"ImageTo3D <hello@{MAIL_DOMAIN}>"


@dataclass(frozen=True)
class Place:
    """One local cloud: `dev` for people, `test` for tests; the two never share a port or a file."""

    name: str
    port_base: int

    @property
    def home(self) -> Path:
        return REPOSITORY / ".local" / self.name

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def ready_file(self) -> Path:
        """Exists exactly while the cloud is up; says where everything is, for tests and tools."""
        return self.home / "ready.json"

    @property
    def outbox(self) -> Path:
        """Mails that SES took, one JSON line each: nothing leaves this machine."""
        return self.home / "mails.jsonl"

    @property
    def pid_file(self) -> Path:
        return self.home / "stack.pid"

    @property
    def ports(self) -> dict[str, int]:
        return {
            "site": self.port_base,
            "cloud": self.port_base + 1,
            "sign-in": self.port_base + 2,
            "endpoint": self.port_base + 3,
            "container": self.port_base + 4,
            "stripe": self.port_base + 5,
            "stream": self.port_base + 6,
            "receiver": self.port_base + 9,
        }

    @property
    def site(self) -> str:
        return f"http://localhost:{self.ports['site']}"

    @property
    def cloud(self) -> str:
        # An address, not a name: the AWS SDKs then put the bucket into the path by themselves.
        return f"http://127.0.0.1:{self.ports['cloud']}"

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.ports['sign-in']}"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports['endpoint']}"

    @property
    def container(self) -> str:
        return f"http://127.0.0.1:{self.ports['container']}"

    @property
    def stream(self) -> str:
        return f"http://127.0.0.1:{self.ports['stream']}"

    @property
    def stripe(self) -> str:
        return f"http://127.0.0.1:{self.ports['stripe']}"

    @property
    def receiver(self) -> str:
        """Where a test, or a developer's own program, may receive what the service sends; nothing of ours listens there."""
        return f"127.0.0.1:{self.ports['receiver']}"


def to_functions(address: str) -> str:
    """Where functions look for a service. Tests of faults put a proxy before all of them: tests/faults/proxy.py."""
    return os.environ.get("FUNCTIONS_PROXY", address)


class Trouble(Exception):
    """Something a person can mend; the message says what and how."""
