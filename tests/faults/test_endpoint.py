"""The endpoint fails in every way it can, its container is killed, and a call takes longer than a function has."""

import threading
import time

import pytest
import requests
from conftest import dispatch, row
from invariants import check
from system import kill, listener_on, worked
from proxy import Rule
from runs import begin_waiting, mend_work

CALL = "SageMaker.POST"
# Faults that the generation is not to blame for, and those that count: three of them end it.
PASSING = ("no_capacity", "throttle_429", "unavailable_503", "internal_500", "status_530")
COUNTED = (
    {"kind": "model_error", "original": 500}, {"kind": "model_error", "original": 507}, {"kind": "hang", "delay_ms": 50},
    {"kind": "cut"}, {"kind": "oversized"},
)
NAMES = [f"{fault['kind']} {fault.get('original', '')}".strip() for fault in COUNTED]


@pytest.fixture
def waits(world, owner):
    """A generation in the queue, and a calm endpoint."""
    yield begin_waiting(world)
    owner.calm()


@pytest.mark.parametrize("kind", PASSING)
def test_what_is_not_its_fault_costs_no_attempt_however_often(world, owner, waits, kind):
    owner.faults({"kind": kind, "times": 4})
    for _ in range(4):
        dispatch(owner, *waits)
        found = row(owner, *waits)
        assert (found["status"], found["attempts"]) == ("QUEUED", 0)
    assert owner.played()
    mend_work(world, waits)


@pytest.mark.parametrize("fault", COUNTED, ids=NAMES)
def test_the_third_counted_fault_ends_it_and_the_credits_come_back(owner, waits, fault):
    person, generation = waits
    owner.faults({**fault, "times": 3})
    seen = []
    for _ in range(4):
        dispatch(owner, *waits)
        seen.append(row(owner, *waits)["status"])
    assert seen == ["QUEUED", "QUEUED", "FAILED", "FAILED"]
    assert person.credits() == {"available": 10, "held": 0}
    check(owner, person.id)


@pytest.mark.parametrize("fault", COUNTED, ids=NAMES)
def test_after_two_counted_faults_it_still_succeeds(world, owner, waits, fault):
    owner.faults({**fault, "times": 2})
    for _ in range(2):
        dispatch(owner, *waits)
    assert row(owner, *waits)["attempts"] == 2
    mend_work(world, waits)


def place_of_the_call(world) -> int:
    """Which of dispatch's calls goes to the endpoint."""
    subject = begin_waiting(world)
    world.proxy.play()
    dispatch(world.owner, *subject)
    return world.proxy.calls.index(CALL)


def test_a_call_that_never_ends_ends_before_the_function_does(world, owner):
    """The endpoint may take 75 s; a function with 12 s gives up after 7, and has the rest to write that down."""
    at = place_of_the_call(world)
    subject = begin_waiting(world)
    functions, name = owner.cloud.client("lambda"), "imageto3d-local-dispatch"
    whole = functions.get_function_configuration(FunctionName=name)["Timeout"]
    functions.update_function_configuration(FunctionName=name, Timeout=12)
    try:
        world.proxy.play(Rule("slow", at))
        begun = time.monotonic()
        said = dispatch(owner, *subject)
        assert 6 < time.monotonic() - begun < 12 and len(said["batchItemFailures"]) == 1, said
        world.proxy.play()
    finally:
        functions.update_function_configuration(FunctionName=name, Timeout=whole)
    found = row(owner, *subject)
    assert (found["status"], found["attempts"]) == ("QUEUED", 1)
    mend_work(world, subject)


def killed_at_work(world, begun: threading.Event) -> None:
    """Kills the container's process once it has worked for 100 ms on what comes."""
    container = listener_on(int(world.where["container"].rsplit(":", 1)[1]))
    before, end = worked(container), time.monotonic() + 60
    begun.set()
    while worked(container) < before + 10 and time.monotonic() < end:
        time.sleep(0.005)
    kill(container)


def back_again(world, owner) -> None:
    """Waits until the container that was killed is replaced, as SageMaker would."""
    def pings() -> bool:
        try:
            return requests.get(f"{world.where['container']}/ping", timeout=2).status_code == 200
        except requests.ConnectionError:
            return False
    owner.until(pings)


@pytest.mark.parametrize("times", [1, 3])
def test_a_container_that_is_killed_at_work_costs_an_attempt_and_nothing_else(world, owner, times):
    at = place_of_the_call(world)
    person, generation = begin_waiting(world)
    for attempt in range(times):
        begun = threading.Event()
        killer = threading.Thread(target=killed_at_work, args=(world, begun))

        def during(killer=killer, begun=begun) -> None:
            killer.start()
            begun.wait()

        world.proxy.play(Rule("passes", at, during))
        dispatch(owner, person, generation)
        killer.join()
        world.proxy.play()
        found = row(owner, person, generation)
        ended = attempt == 2
        assert (found["status"], found["attempts"]) == (("FAILED", 2) if ended else ("QUEUED", attempt + 1)), found
        assert not owner.objects("models", generation)
        back_again(world, owner)
    if times == 3:
        assert person.credits() == {"available": 10, "held": 0}
        check(owner, person.id)
    else:
        mend_work(world, (person, generation))
