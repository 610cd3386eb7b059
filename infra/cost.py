"""What it costs, by load: a formula, and prices of one day (prices.json).

    python cost.py                                  a table for 10, 200 and 5,000 models a day
    python cost.py --a-day 1000 --seconds 40 --instance ml.g6e.xlarge
    python cost.py --memory 1769 --function-seconds 20

GPU. Orders come at random over the hours of the day that people are awake (`--hours`), each stays on the fleet for `--seconds`. A
period of work begins with a start (`--start` minutes, billed) and ends with a tail: nobody asks for `--idle` minutes, then the
instance is given back, which takes `--release` minutes, is billed, and is called off by an order. With orders every 1/rate on
average, a pause is longer than the tail with the chance exp(-rate·tail), so there are orders · exp(-rate·tail) periods, and each
pause that is shorter is billed whole: its mean, given that it is shorter, is 1/rate - tail·exp(-rate·tail)/(1 - exp(-rate·tail)).
Above one instance's capacity (at `--use` of its time), more are billed for the time that the work takes. A test plays days and
compares.

The container as a function (model-function.yaml). Nothing is billed between models, so a model costs its seconds times `--memory`: no
matter how many there are. `--function-seconds`: 3.0 on one core and 2.1 on two of this project's machine (`make perf-container`), taken as
4, since 3,008 MB give 1.7 cores that may be slower; a start (0.2 s, without Lambda's own) comes on top. What is made there is the embedded
engine's: other models, see README.md.

Streams. Whoever watches a model holds a stream of events open until it ends: 256 MB, and some reads a second. A model is watched for its
own seconds and, where the fleet sleeps, while it wakes: the first order of a period waits `--start` minutes, those that come meanwhile
(rate·start) half of that. Everybody is taken to watch to the end; programs that poll hold nothing open.

Everything else is per model and linear.
"""

import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path

PRICES = json.loads((Path(__file__).resolve().parent / "prices.json").read_text())
# One model: what browser, functions and stores do. Sizes in MB; calls as counted in the journey (create, polls with growing pauses,
# listing, pictures, one download).
PHOTO_MB, MODEL_MB, DOWNLOADS_MB = 4, 12, 12
CALLS, WRITES, READS, PUTS, GETS, LOG_KB = 25, 22, 60, 6, 6, 24
# A stream's memory, and what it reads each second: the model's row four times, once the fleet's and once the line (functions/stream).
STREAM_MB, STREAM_READS = 256, 6


@dataclass(frozen=True)
class Fleet:
    """How the GPU is used; minutes, but for a model's seconds."""

    instance: str = "ml.g6.xlarge"
    seconds: float = 15
    hours: float = 16
    start: float = 6
    idle: float = 10
    release: float = 12
    use: float = 0.7


@dataclass(frozen=True)
class Function:
    """The container as a function, as model-function.yaml sets it up."""

    memory: float = 3008
    seconds: float = 4

    @property
    def second(self) -> float:
        """USD for one second."""
        return self.memory / 1024 * PRICES["lambda_x86_gb_second"]


def gpu_hours(a_day: float, fleet: Fleet) -> float:
    """Billed instance hours of a day."""
    work = a_day * fleet.seconds / 3600
    rate = a_day / (fleet.hours * 60)
    tail = fleet.idle + fleet.release
    asleep = math.exp(-rate * tail)
    # At least the last order of a day is followed by a whole tail.
    periods = max(a_day * asleep, 1 - math.exp(-a_day))
    shorter = 1 / rate - tail * asleep / (1 - asleep)
    one = (periods * (fleet.start + tail + fleet.seconds / 60) + (a_day - periods) * shorter) / 60
    return max(one, work / fleet.use)


def gpu(a_day: float, fleet: Fleet) -> float:
    """USD for 1,000 models."""
    return gpu_hours(a_day, fleet) * PRICES["instances_an_hour"][fleet.instance] * 1000 / a_day


def waking_s(a_day: float, fleet: Fleet) -> float:
    """How long an order waits for the fleet to wake, on the mean of all of them."""
    rate = a_day / (fleet.hours * 60)
    first = 1 - math.exp(-a_day)  # of a day: it always finds the fleet asleep
    finding_it_asleep = first + (a_day - first) * math.exp(-rate * (fleet.idle + fleet.release))
    return 60 * min(fleet.start, finding_it_asleep / a_day * (fleet.start + rate * fleet.start**2 / 2))


def rest(seconds: float, waking: float = 0) -> dict[str, float]:
    """USD for 1,000 models, without what makes them."""
    waiting = seconds * 0.5 + CALLS * 0.02 * 0.5 + 1.769 * 0.3
    watching = seconds + waking
    return {
        "streams": watching * (STREAM_MB / 1024 * PRICES["lambda_gb_second"] * 1000 + STREAM_READS * PRICES["dynamodb_read_million"] / 1000),
        "transfer": DOWNLOADS_MB * PRICES["transfer_out_gb"],
        "storage, a month kept": (PHOTO_MB + MODEL_MB) * PRICES["storage_gb_month"],
        "API": CALLS * PRICES["http_api_million"] / 1000,
        "CloudFront": CALLS * (PRICES["cloudfront_10k_requests"] / 10 + PRICES["cloudfront_function_million"] / 1000),
        "firewall": CALLS * PRICES["waf_million"] / 1000,
        "Lambda": waiting * PRICES["lambda_gb_second"] * 1000 + CALLS * PRICES["lambda_million"] / 1000,
        "DynamoDB": WRITES * PRICES["dynamodb_write_million"] / 1000 + READS * PRICES["dynamodb_read_million"] / 1000,
        "S3": PUTS * PRICES["s3_put_thousand"] + GETS * PRICES["s3_get_thousand"],
        "SQS": 8 * PRICES["sqs_million"] / 1000,
        "logs": LOG_KB / 1000 * PRICES["logs_gb"],
        "traces": CALLS * 0.05 * PRICES["xray_million"] / 1000,
    }


def fixed() -> float:
    """USD a month."""
    return sum(PRICES["fixed_a_month"].values())


def line(a_day: float, fleet: Fleet) -> str:
    others = sum(rest(fleet.seconds, waking_s(a_day, fleet)).values())
    return _row(a_day, fleet.instance, f"{gpu_hours(a_day, fleet):.1f}", gpu(a_day, fleet), others)


def function_line(a_day: float, function: Function) -> str:
    others = sum(rest(function.seconds).values())
    return _row(a_day, f"function, {function.memory:,.0f} MB", "–", function.second * function.seconds * 1000, others)


def break_even_s(a_day: float, fleet: Fleet, function: Function) -> float:
    """The seconds that a model may take as a function until an instance is cheaper: dispatch and a stream wait as long as it does."""
    there = gpu(a_day, fleet) + sum(rest(fleet.seconds, waking_s(a_day, fleet)).values())
    none = sum(rest(0).values())
    return (there - none) / (function.second * 1000 + sum(rest(1).values()) - none)


def _row(a_day: float, made_by: str, hours: str, each: float, others: float) -> str:
    month = (each + others) * a_day * 30 / 1000 + fixed()
    return f"| {a_day:,.0f} | {made_by} | {hours} | {each:,.2f} | {others:.2f} | {each + others:,.2f} | {month:,.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--a-day", type=float, nargs="+", default=[10, 200, 5000])
    parser.add_argument("--instance", choices=sorted(PRICES["instances_an_hour"]), nargs="+", default=["ml.g6.xlarge", "ml.g5.xlarge", "ml.g6e.xlarge"])
    for name, kind in (("seconds", float), ("hours", float), ("start", float), ("idle", float), ("release", float), ("use", float)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(Fleet, name))
    parser.add_argument("--memory", type=float, default=Function.memory)
    parser.add_argument("--function-seconds", type=float, default=Function.seconds)
    told = vars(parser.parse_args())
    function = Function(told.pop("memory"), told.pop("function_seconds"))
    print(f"USD for 1,000 models, prices of {PRICES['read']} ({PRICES['region']}); {fixed():.2f} a month are fixed\n")
    print("| models a day | made by | GPU hours a day | making | everything else | together | a month, all |\n|---|---|---|---|---|---|---|")
    days, instances = told.pop("a_day"), told.pop("instance")
    for a_day in days:
        for instance in instances:
            print(line(a_day, Fleet(instance, **told)))
        print(function_line(a_day, function))
    fleet = Fleet(instances[0], **told)
    seconds = ", ".join(f"{break_even_s(a_day, fleet, function):,.0f} s at {a_day:,.0f} a day" for a_day in days)
    print(f"\nA function costs as much as {fleet.instance} if a model takes it {seconds}")


if __name__ == "__main__":
    main()
