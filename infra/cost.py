"""What it costs, by load: a formula, and prices of one day (prices.json).

    python cost.py                                  a table for 10, 200 and 5,000 models a day
    python cost.py --a-day 1000 --seconds 40 --instance ml.g6e.xlarge

GPU. Orders come at random over the hours of the day that people are awake (`--hours`), each stays on the fleet for `--seconds`. A
period of work begins with a start (`--start` minutes, billed) and ends with a tail: nobody asks for `--idle` minutes, then the
instance is given back, which takes `--release` minutes, is billed, and is called off by an order. With orders every 1/rate on
average, a pause is longer than the tail with the chance exp(-rate·tail), so there are orders · exp(-rate·tail) periods, and each
pause that is shorter is billed whole: its mean, given that it is shorter, is 1/rate - tail·exp(-rate·tail)/(1 - exp(-rate·tail)).
Above one instance's capacity (at `--use` of its time), more are billed for the time that the work takes. A test plays days and
compares. Everything else is per model and linear.
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


def rest(seconds: float) -> dict[str, float]:
    """USD for 1,000 models, without the GPU."""
    waiting = seconds * 0.5 + CALLS * 0.02 * 0.5 + 1.769 * 0.3
    return {
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
    each, others = gpu(a_day, fleet), sum(rest(fleet.seconds).values())
    month = (each + others) * a_day * 30 / 1000 + fixed()
    return f"| {a_day:,.0f} | {fleet.instance} | {gpu_hours(a_day, fleet):.1f} | {each:,.2f} | {others:.2f} | {each + others:,.2f} | {month:,.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--a-day", type=float, nargs="+", default=[10, 200, 5000])
    parser.add_argument("--instance", choices=sorted(PRICES["instances_an_hour"]), nargs="+", default=["ml.g6.xlarge", "ml.g5.xlarge", "ml.g6e.xlarge"])
    for name, kind in (("seconds", float), ("hours", float), ("start", float), ("idle", float), ("release", float), ("use", float)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(Fleet, name))
    told = vars(parser.parse_args())
    print(f"USD for 1,000 models, prices of {PRICES['read']} ({PRICES['region']}); {fixed():.2f} a month are fixed\n")
    print("| models a day | instance | GPU hours a day | GPU | everything else | together | a month, all |\n|---|---|---|---|---|---|---|")
    for a_day in told.pop("a_day"):
        for instance in told["instance"]:
            print(line(a_day, Fleet(**{**told, "instance": instance})))


if __name__ == "__main__":
    main()
