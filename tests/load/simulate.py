"""The fleet in minutes of its own time: arrivals × service time × scaling rules × cold start.

    python simulate.py            10, 100 and 1,000 generations a minute
    python simulate.py --check    the same code against Erlang's formula, which it must meet

Nothing here ran on SageMaker. Each number of the model is a line below, with where it comes from.
"""

import argparse
import heapq
import json
import math
import random
import statistics
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from stamp import keep  # noqa: E402  (the tests' own module, found by the line above)

SEED = 1
SERVICE_S = 15.0  # one generation on one GPU: the assumption of the cost table, not a measurement
COLD_START_S = 564.0  # 0 → first answer, measured by others in July 2026 (ml.g5.xlarge, 0.6 B parameters): 9 min 24 s
ADD_S = 270.0  # one more instance while others run: cold start less alarm and wake, about 4 min 30 s
SCALE_EVERY_S = 60.0  # the step policy's cooldown
IDLE_S = 900.0  # 90 periods of 10 s: target tracking's own low alarm
USD_PER_HOUR = 1.127  # ml.g6.xlarge, us-east-1, list price from third-party tables
LIMIT = 400  # instances
WORKERS = 2  # the queue's MaximumConcurrency where nobody set MaxCopies: infra/app-work.yaml


@dataclass
class Rules:
    """How a fleet grows and shrinks."""

    service_s: float = SERVICE_S
    is_exponential: bool = False
    measured_s: tuple[float, ...] = ()  # if there are any, service times are drawn from these
    deliver_s: float = 0.0  # from the order until a free worker can have it
    per_instance: float = 0.7  # the share of an instance that target tracking aims at
    at_once: int = LIMIT  # the queue's MaximumConcurrency: more messages are never out at once
    start: int = 0
    is_fixed: bool = False


@dataclass
class Answer:
    """What a run showed."""

    waits: list[float]
    instance_s: float
    peak: int
    ends_s: float

    def p95(self) -> float:
        return statistics.quantiles(self.waits, n=20)[18]


def arrivals(per_minute: float, ends_s: float, seed: int = SEED) -> Iterator[float]:
    """A Poisson process: the seconds at which orders come. The load test sends at these very moments."""
    dice = random.Random(seed)
    now = dice.expovariate(per_minute / 60)
    while now <= ends_s:
        yield now
        now += dice.expovariate(per_minute / 60)


def simulate(per_minute: float, hours: float, rules: Rules, seed: int = SEED, chance: int = 2) -> Answer:
    """Runs a fleet. `seed` is of the arrivals, `chance` of how long each takes."""
    dice = random.Random(chance)
    ends = hours * 3600
    coming = arrivals(per_minute, ends, seed)
    events: list[tuple[float, int, str, float]] = []
    number = 0

    def at(when: float, what: str, of: float = 0.0) -> None:
        nonlocal number
        number += 1
        heapq.heappush(events, (when, number, what, of))

    ready, starting, busy, peak = rules.start, 0, 0, rules.start
    queue: deque[float] = deque()
    waits: list[float] = []
    paid, last, low_since = 0.0, 0.0, None
    def next_arrives() -> None:
        if (order := next(coming, None)) is not None:
            at(order + rules.deliver_s, "arrives", order)

    def takes_s() -> float:
        if rules.measured_s:
            return dice.choice(rules.measured_s)
        return dice.expovariate(1 / rules.service_s) if rules.is_exponential else rules.service_s

    next_arrives()
    if not rules.is_fixed:
        at(0.0, "looks")
    while events:
        now, _, what, of = heapq.heappop(events)
        if now > ends and what == "looks":
            continue
        paid += (ready + starting) * (min(now, ends) - min(last, ends))
        last = now
        if what == "arrives":
            queue.append(of)
            next_arrives()
        elif what == "ends":
            busy -= 1
        elif what == "is ready":
            starting, ready = starting - int(of), ready + int(of)
        elif what == "looks":
            at(now + SCALE_EVERY_S, "looks")
            # Concurrent requests, those that are refused while it wakes too, over the target: that many copies.
            work = min(busy + len(queue), rules.at_once)
            wanted = min(LIMIT, math.ceil(work / rules.per_instance))
            have = ready + starting
            if wanted > have:
                add = 1 if have == 0 else wanted - have  # the step policy wakes one; target tracking does the rest
                starting += add
                at(now + (COLD_START_S if have == 0 else ADD_S), "is ready", add)
                low_since = None
            elif wanted < 0.9 * have:
                low_since = now if low_since is None else low_since
                if now - low_since >= IDLE_S:
                    ready, low_since = max(busy, ready - (have - wanted)), None
            else:
                low_since = None
        while queue and busy < min(ready, rules.at_once):
            waits.append(now - queue.popleft())
            busy += 1
            at(now + takes_s(), "ends")
        peak = max(peak, ready + starting)
    return Answer(waits, paid, peak, ends)


def erlang_wait_s(per_minute: float, service_s: float, servers: int) -> float:
    """The mean wait of M/M/c, by Erlang's formula."""
    offered = per_minute / 60 * service_s
    block = 1.0
    for count in range(1, servers + 1):
        block = offered * block / (count + offered * block)
    waits = block / (1 - offered / servers * (1 - block))
    return waits * service_s / (servers - offered)


def check() -> None:
    """A fixed fleet with exponential times is M/M/c: the simulation must meet the formula within 10 %."""
    for per_minute, servers in ((10, 4), (30, 9), (100, 28)):
        rules = Rules(is_exponential=True, start=servers, is_fixed=True)
        seen = statistics.fmean(simulate(per_minute, 200, rules).waits)
        told = erlang_wait_s(per_minute, SERVICE_S, servers)
        print(f"{per_minute}/min on {servers}: mean wait {seen:.2f} s, Erlang {told:.2f} s")
        assert abs(seen - told) < 0.1 * told, (seen, told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.check:
        check()
        return 0
    found = []
    for per_minute in (10, 100, 1000):
        needed = math.ceil(per_minute / 60 * SERVICE_S / 0.7)
        cold = simulate(per_minute, 2, Rules(at_once=needed))
        day = simulate(per_minute, 8, Rules(at_once=needed, start=needed))
        today = simulate(per_minute, 2, Rules(at_once=WORKERS, start=WORKERS))
        usd = day.instance_s / 3600 * USD_PER_HOUR / len(day.waits) * 1000
        found.append({
            "per_minute": per_minute, "workers_needed": needed, "instances": round(day.instance_s / day.ends_s, 1), "peak_from_zero": cold.peak,
            "p95_wait_s": round(day.p95(), 1), "p95_wait_two_hours_from_zero_s": round(cold.p95(), 1),
            "usd_per_1000": round(usd, 2), "p95_wait_with_todays_workers_s": round(today.p95(), 1),
        })
        print(json.dumps(found[-1]))
    if arguments.out:
        keep(arguments.out, {"seed": SEED, "service_s": SERVICE_S, "rows": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
