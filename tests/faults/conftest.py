"""The running service with a proxy between its functions and all that they call (`make test-faults`).

Nothing runs by itself: the queues' triggers are off, and each test calls the function whose steps it cuts.
"""

import importlib.util
import json
import sys
import uuid
from pathlib import Path

import pytest

CONTRACT = Path(__file__).resolve().parents[1] / "contract"
sys.path.insert(0, str(CONTRACT))
sys.path.append(str(CONTRACT.parent))  # stamp

_spec = importlib.util.spec_from_file_location("contract", CONTRACT / "conftest.py")
contract = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(contract)
where, coffee, REPOSITORY = contract.where, contract.coffee, contract.REPOSITORY

from owner import Owner  # noqa: E402
from proxy import Proxy  # noqa: E402
from receiver import Receiver  # noqa: E402


@pytest.fixture(scope="session")
def proxy(where):
    site = int(where["site"].rsplit(":", 1)[1])
    proxy = Proxy(site + 8, where)
    yield proxy
    proxy.stop()


@pytest.fixture(scope="session")
def owner(where, proxy):
    owner = Owner(where)
    trigger(owner, False)
    return owner


def trigger(owner, on: bool) -> None:
    """Whether messages in the queues call their functions by themselves."""
    functions = owner.cloud.client("lambda")
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)


@pytest.fixture(scope="session")
def receiver(where):
    with Receiver(where) as receiver:
        yield receiver


@pytest.fixture(scope="session")
def world(where, owner, proxy, receiver):
    """Where runs happen, and people who were there before."""
    from world import World  # which needs this file

    photo = contract.REPOSITORY / ".local" / "photos" / "coffee.png"
    return World(where, owner, proxy, photo.read_bytes(), receiver)


@pytest.fixture(autouse=True)
def calm(proxy):
    """No fault outlives its test."""
    proxy.play()
    yield
    proxy.play()


@pytest.fixture
def person(where):
    return new_person(where)


def new_person(where):
    person = contract.new_person(where)
    person.id = person.get("/api/me").json()["user_id"]
    return person


def row(owner, person, generation: str) -> dict:
    return next(row for row in owner.rows(person.id) if row.get("id") == generation)


def dispatch(owner, person, generation: str) -> dict:
    """Hands dispatch the message of a generation, as the queue would."""
    body = json.dumps({"v": 1, "generation_id": generation, "user_id": person.id})
    message = {"messageId": uuid.uuid4().hex, "receiptHandle": "none", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
    return owner.run_dispatch(message)
