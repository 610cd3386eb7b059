"""Between any two steps: the calls of a clean run are counted, and then each of them goes wrong in every way.

Nothing is drawn by chance: a fault is a run, the number of a call and a kind, and `FAULT=create:7:dies_after` plays that one alone.
A function dies after each of its calls (a death before a call is the one after the call before it). Of the faults that happen once each
call meets one, by turns, which `SEED` moves on by one; `SEED=all` plays every kind at every call.
"""

import json
import os
from collections import Counter

import pytest
from conftest import dispatch, row
from invariants import check, check_logs
from proxy import DEATHS, ONCE, Rule
from runs import RUNS
from stamp import FOUND, keep

REPORT = FOUND / "faults.json"
KINDS = os.environ.get("KINDS", ",".join(DEATHS + ONCE)).split(",")
SEED = os.environ.get("SEED", "0")
# The endpoint may take more than a minute: one test of its own plays that (test_endpoint.py).
TOO_LONG = {("SageMaker.POST", "slow")}


def clean_calls(world, run) -> list[str]:
    """What a run calls when nothing goes wrong; the first of a new process reads secrets too."""
    for _warm in range(2):
        subject = run.begin(world)
        world.proxy.play()
        run.act(world, subject)
        calls = world.proxy.calls
        world.proxy.play()
        run.mend(world, subject)
    return calls


def faults(run, calls: list[str]) -> list[tuple[int, str]]:
    """Those of a run that are played, or the one that was asked for."""
    if asked := os.environ.get("FAULT"):
        return [(int(asked.split(":")[1]), asked.split(":")[2])]
    every = [(at, kind) for at in range(len(calls)) for kind in kinds_at(at)]
    return [(at, kind) for at, kind in every if kind in KINDS and (calls[at], kind) not in TOO_LONG]


def kinds_at(at: int) -> tuple[str, ...]:
    """What happens to a call."""
    if SEED == "all":
        return DEATHS + ONCE
    return (DEATHS if at == 0 else DEATHS[1:]) + (ONCE[(at + int(SEED)) % len(ONCE)],)


def play(world, run, calls: list[str], at: int, kind: str) -> str | None:
    """One fault; what did not hold after it, if anything."""
    try:
        subject = run.begin(world)
        world.proxy.play(Rule(kind, at))
        run.act(world, subject)
        seen = world.proxy.calls[:at + 1]
        world.proxy.play()
        assert seen == calls[:at + 1], f"another way was gone: {seen}"
        run.mend(world, subject)
    except (AssertionError, OSError, KeyError, StopIteration) as error:
        world.proxy.play()
        return f"FAULT={run.name}:{at}:{kind} ({calls[at]} of {calls}): {type(error).__name__} {error}"
    return None


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_a_fault_at_every_call(world, run):
    if os.environ.get("FAULT", run.name).split(":")[0] != run.name:
        pytest.skip("another fault was asked for")
    calls = clean_calls(world, run)
    wanted = faults(run, calls)
    fallen = [why for at, kind in wanted if (why := play(world, run, calls, at, kind))]
    if "FAULT" not in os.environ:
        note(run, calls, wanted, fallen)
    assert not fallen, "\n".join(fallen)
    check_logs(world.where["logs"])


def note(run, calls: list[str], wanted: list[tuple[int, str]], fallen: list[str]) -> None:
    played = Counter(kind for _, kind in wanted)
    survived = len(wanted) - len(fallen)
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    known[run.name] = {"calls": len(calls), "kinds": dict(played), "seed": SEED, "played": len(wanted), "survived": survived}
    keep(REPORT, known)
    print(f"\n{run.name}: {len(calls)} calls, SEED={SEED}, {survived} of {len(wanted)} faults survived: {' '.join(calls)}")


def test_what_a_worker_stores_after_the_deletion_goes_with_its_message(world, owner, proxy, person):
    """Found by shared/domain/tests/interleavings: it stayed if the worker then died."""
    first = world.ordered(person)
    proxy.play()
    dispatch(owner, person, first)
    stores = [at for at, call in enumerate(proxy.calls) if call == "S3.PUT"]
    for at in stores:
        generation = world.ordered(person)

        def delete() -> None:
            assert person.delete(f"/api/generations/{generation}").status_code == 204

        proxy.play(Rule("dies_after", at, delete))
        dispatch(owner, person, generation)
        proxy.play()
        assert row(owner, person, generation)["status"] == "CANCELLED"
        assert [item for item in owner.objects("models", generation) if not item["deleted"]], "it was stored late"
        dispatch(owner, person, generation)
        check(owner, person.id)
    assert len(stores) == 4
