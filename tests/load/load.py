"""Load on a running local cloud: how much it carries, what gives in first, whether memory stays flat, and whether the simulation agrees.

    STACK_NAME=load python load.py --minutes 30 --step 120 --out docs/measured/load.json

The rate is raised until a knee: the first at which the slowest twentieth takes more than SLOW times as long as the usual
order of the first rate. Then SHARE of the last rate that was carried runs for `--minutes`. Fails if there was an error, if
an order was lost, made or charged twice, if a process of ours grew, or if the simulation tells other waits.
"""

import argparse
import json
import os
import statistics
import sys
import time
from pathlib import Path

from client import REPOSITORY, Crowd, Order
from simulate import SEED, WORKERS, Rules, arrivals, simulate
from watch import Watch, memory, shares

sys.path += [str(REPOSITORY / "tests" / "faults"), str(REPOSITORY / "infra"), str(REPOSITORY / "tests")]
import operate  # noqa: E402
from conftest import new_person  # noqa: E402  (tests/contract, found by `client`)
from invariants import check  # noqa: E402
from owner import Owner  # noqa: E402
from stamp import FOUND, keep  # noqa: E402

PEOPLE, CREDITS = 20, 200  # at most 200 orders an hour each: shared/domain/src/limits.rs
FIRST, FACTOR, MOST = 10.0, 1.4, 9
SLOW = 4.0
SHARE = 0.6
LATE_S = 0.5  # the client itself must keep its moments
# What is ours; the rest stands in for AWS, Stripe and browsers, and is only reported.
OURS = ("container", "auth", "account", "uploads", "generations", "dispatch", "upkeep", "stream", "webhooks")
MAY_GROW_MB, MAY_GROW = 10.0, 0.10  # in the time that was watched, whichever is more
JUDGED_MINUTES = 10  # of peaks: fewer are too few for a slope
AGREES_S, AGREES = 1.5, 0.30  # of the simulation's mean and p95, whichever is more


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


def summary(rate: float, orders: list[Order], samples: list[dict]) -> dict:
    ended = [order for order in orders if order.total_s is not None]
    calls = {name: [took for order in orders for one, took in order.answers if one == name] for name in ("upload", "photo", "create", "poll")}
    return {
        "per_minute": round(rate, 2), "orders": len(orders), "succeeded": sum(order.status == "SUCCEEDED" for order in orders),
        "errors": [error for order in orders for error in order.errors][:20],
        "median_s": round(statistics.median(order.total_s for order in ended), 2), "p95_s": round(p95([order.total_s for order in ended]), 2),
        "p95_ms": {name: round(p95(took) * 1000) for name, took in calls.items() if took},
        "late_s": round(max(order.late_s for order in orders), 3),
        "cores": {name: round(value, 3) for name, value in shares(samples).items() if value >= 0.005},
    }


def waits(orders: list[Order]) -> tuple[list[float], list[float]]:
    """How long orders waited, and how long they then took; those that were seen while they ran."""
    seen = [order for order in orders if order.wait_s is not None and order.total_s is not None]
    return [order.wait_s for order in seen], [order.total_s - order.wait_s for order in seen]


def told(rate: float, seconds: float, deliver_s: float, service: list[float]) -> dict:
    """The waits that the simulation tells for the same arrivals and as many workers."""
    rules = Rules(is_fixed=True, start=WORKERS, at_once=WORKERS, measured_s=tuple(service), deliver_s=deliver_s)
    runs = [simulate(rate, seconds / 3600, rules, SEED, chance).waits for chance in range(100, 120)]
    return {"mean_s": statistics.fmean(statistics.fmean(run) for run in runs), "p95_s": statistics.fmean(p95(run) for run in runs)}


def compare(rate: float, seconds: float, deliver_s: float, orders: list[Order]) -> dict:
    wait, service = waits(orders)
    expected = told(rate, seconds, deliver_s, service)
    return {
        "per_minute": round(rate, 2), "service_mean_s": round(statistics.fmean(service), 2), "deliver_s": round(deliver_s, 2),
        "wait_mean_s": round(statistics.fmean(wait), 2), "told_mean_s": round(expected["mean_s"], 2),
        "wait_p95_s": round(p95(wait), 2), "told_p95_s": round(expected["p95_s"], 2),
    }


def run(crowd: Crowd, watch: Watch, rate: float, seconds: float) -> tuple[list[Order], list[dict]]:
    first = len(watch.samples)
    orders = crowd.send(list(arrivals(rate, seconds)))
    return orders, watch.samples[first:]


def climb(crowd: Crowd, watch: Watch, rate: float, step_s: float, most: int) -> tuple[list[dict], list[list[Order]]]:
    steps, runs = [], []
    for _ in range(most):
        begun = time.monotonic()
        orders, samples = run(crowd, watch, rate, step_s)
        # Only while orders come: what drains afterwards would hide who was busy.
        during = [sample for sample in samples if sample["at"] - samples[0]["at"] <= step_s]
        steps.append(summary(rate, orders, during) | {"took_s": round(time.monotonic() - begun)})
        runs.append(orders)
        print(json.dumps(steps[-1]), flush=True)
        if steps[-1]["p95_s"] > SLOW * steps[0]["median_s"]:
            break
        rate *= FACTOR
    return steps, runs


class Snapshot:
    """All rows and objects, read once: what `check` asks the owner for each generation."""

    def __init__(self, owner: Owner) -> None:
        self._rows, self._objects = owner.rows(""), {bucket: owner.objects(bucket, "") for bucket in ("models",)}

    def rows(self, name: str) -> list[dict]:
        return [row for row in self._rows if name in row["pk"]]

    def objects(self, bucket: str, name: str) -> list[dict]:
        return [item for item in self._objects[bucket] if name in item["key"]]


def settled(owner: Snapshot, people: list, orders: list[Order]) -> list[str]:
    """What the rows, the books and the objects say against it: nothing lost, nothing twice."""
    faults = []
    for person in people:
        try:
            check(owner, person.id)
        except AssertionError as fault:
            faults.append(f"{person.id}: {str(fault)[:300]}")
    made = sum(row["sk"].startswith("GEN#") for person in people for row in owner.rows(person.id))
    ids = [order.id for order in orders]
    if not (made == len(orders) == len(set(ids))):
        faults.append(f"{len(orders)} orders, {len(set(ids))} ids, {made} rows")
    return faults


def grown(found: dict[str, dict], seconds: float) -> list[str]:
    late_h = seconds * 2 / 3 / 3600
    return [
        f"{name} grows by {one['grows_mb_per_hour'] * late_h:.1f} MB in {late_h * 60:.0f} minutes, from {one['mean_mb']} MB"
        for name, one in found.items() if name in OURS and one["minutes"] >= JUDGED_MINUTES and one["grows_mb_per_hour"] * late_h > max(MAY_GROW_MB, MAY_GROW * one["mean_mb"])
    ]


def differs(one: dict) -> list[str]:
    pairs = {"mean": (one["wait_mean_s"], one["told_mean_s"]), "p95": (one["wait_p95_s"], one["told_p95_s"])}
    return [f"{one['per_minute']}/min: {name} wait {seen} s, the simulation says {said} s"
            for name, (seen, said) in pairs.items() if abs(seen - said) > max(AGREES_S, AGREES * said)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--step", type=float, default=120, help="seconds of each rate on the way to the knee")
    parser.add_argument("--first", type=float, default=FIRST, help="orders a minute of the first rate")
    parser.add_argument("--steps", type=int, default=MOST, help="rates at most")
    parser.add_argument("--out", type=Path, default=FOUND / "load.json")
    arguments = parser.parse_args()
    home = REPOSITORY / ".local" / os.environ["STACK_NAME"]
    where = json.loads((home / "ready.json").read_text())
    owner, photo = Owner(where), (REPOSITORY / ".local" / "photos" / "coffee.png").read_bytes()
    desk = operate.Desk(where["stage"], "load", owner.cloud.client, int(time.time() * 1000))
    people = [new_person(where) for _ in range(PEOPLE)]
    for person in people:
        person.id = person.get("/api/me").json()["user_id"]
        operate.grant(desk, person.id, CREDITS)
    crowd, watch = Crowd(people, photo), Watch(int((home / "stack.pid").read_text()))
    first, _ = run(crowd, watch, 6, 30)  # every function has started once
    steps, runs = climb(crowd, watch, arguments.first, arguments.step, arguments.steps)
    carried = [step for step in steps if step["p95_s"] <= SLOW * steps[0]["median_s"]]
    is_knee = len(carried) < len(steps)
    rate, seconds = SHARE * carried[-1]["per_minute"], arguments.minutes * 60
    print(f"{'the knee lies above' if is_knee else 'no knee up to'} {carried[-1]['per_minute']} a minute; {rate:.1f} for {arguments.minutes:g} minutes", flush=True)
    orders, samples = run(crowd, watch, rate, seconds)
    watch.stop()
    deliver_s = min(waits(runs[0])[0])
    kept = summary(rate, orders, samples)
    found = memory(samples)
    agreed = [compare(rate, seconds, deliver_s, orders)]
    under = [*zip(carried, runs), (kept, orders)]
    faults = [f"{step['per_minute']}/min: {error}" for step, _ in under for error in step["errors"]]
    faults += [f"{step['per_minute']}/min: {step['succeeded']} of {step['orders']} succeeded" for step, _ in under if step["succeeded"] != step["orders"]]
    faults += [f"the client was {step['late_s']} s late" for step, _ in under if step["late_s"] > LATE_S]
    faults += settled(Snapshot(owner), people, [order for one in [first, *runs, orders] for order in one]) + grown(found, seconds) + differs(agreed[0])
    report = {"steps": steps, "knee_after": carried[-1]["per_minute"], "is_knee": is_knee, "slow": SLOW, "kept": kept, "minutes": arguments.minutes,
              "memory": found, "ours": OURS, "agreed": agreed, "faults": faults, "seed": SEED}
    keep(arguments.out, report)
    print(json.dumps({"kept": kept, "agreed": agreed, "memory": {name: {key: value for key, value in one.items() if key != "line"} for name, one in found.items()}}, indent=1))
    print("\n".join(faults) or f"no error, nothing lost, nothing twice, {'memory flat' if seconds >= JUDGED_MINUTES * 90 else 'too short to judge memory'}; written to {arguments.out}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
