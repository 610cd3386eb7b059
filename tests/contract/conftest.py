"""What every test of the running service needs: where it is, people who use it, and its owner's view of it.

The service runs already (`make test-stack`); the address comes from the file that says it is ready.
"""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "infra" / "local"))

from places import Place  # noqa: E402  (the local cloud's own modules, found by the line above)
from people import Person, Program, make_key  # noqa: E402
from owner import Owner  # noqa: E402


@pytest.fixture(scope="session")
def where() -> dict:
    """Addresses and names of the running service."""
    ready = Place(os.environ.get("STACK_NAME", "test"), 0).ready_file
    if not ready.exists():
        pytest.exit(f"the local cloud is not running: {ready} is missing; run `make test-stack`", 1)
    return json.loads(ready.read_text())


@pytest.fixture(scope="session")
def owner(where: dict) -> Owner:
    """The service's owner, who sees table, buckets and queues."""
    return Owner(where)


@pytest.fixture(scope="session")
def operator(where):
    """Runs one of the operator's commands."""
    environment = {
        **os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": where["region"],
        "AWS_DEFAULT_REGION": where["region"],
    }

    def run(script: str, *arguments: str, fails: bool = False, says: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, REPOSITORY / "infra" / script, *arguments, "--endpoint", where["cloud"]], capture_output=True, text=True, env=environment,
            cwd=REPOSITORY / "infra", input=says, check=False)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def person(where: dict):
    """A new person, signed in, with the free credits."""
    return new_person(where)


@pytest.fixture
def stranger(where: dict):
    """Another new person."""
    return new_person(where)


@pytest.fixture
def program(person):
    """A program of the person's that may do everything a program may."""
    return Program(person.site, make_key(person)["secret"])


@pytest.fixture(scope="session")
def fuzzer(where: dict):
    """One person for all fuzzed calls."""
    return new_person(where)


@pytest.fixture
def coffee() -> bytes:
    """A real photograph: the coffee cup of scikit-image."""
    return (REPOSITORY / ".local" / "photos" / "coffee.png").read_bytes()


def new_person(where: dict) -> Person:
    person = Person(where["site"])
    person.sign_in(f"{uuid.uuid4().hex}@example.com")
    return person
