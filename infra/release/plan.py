"""Which stacks there are, in the order in which they need each other, and which settings each takes."""

import re
import tomllib
from pathlib import Path

import yaml

from .names import FUNCTIONS  # noqa: F401

INFRA = Path(__file__).resolve().parents[1]
REPOSITORY = INFRA.parent
# The two ways to the container, of which a stage takes one: an endpoint of SageMaker, or a function.
CONTAINERS = ("gpu", "model-function")
# They stand before app-work: a container takes what an older dispatch sends, but not the other way round.
STACKS = ("data", "queues", "depot", "access", "access-work", *CONTAINERS, "app", "app-work", "stream", "api", "firewall", "edge", "ops", "dashboard")
# What a rollback brings back; data, queues and depot only grow, and roles belong to the functions.
REPLACED = ("access", "access-work", *CONTAINERS, "app", "app-work", "stream", "api", "edge", "ops", "dashboard")
# CloudFront takes its firewall and its certificate from here, wherever the rest is.
GLOBAL = {"firewall": "us-east-1"}
NO_SITE_YET = "https://pending.invalid"


class Trouble(Exception):
    """Something a person can mend; the message says what and how."""


class _Loader(yaml.SafeLoader):
    """Reads the parts of a template that hold no short forms."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)


def template(name: str) -> str:
    return (INFRA / f"{name}.yaml").read_text()


def parameters(text: str) -> dict[str, dict]:
    """What a template asks for."""
    return yaml.load(text, _Loader).get("Parameters", {})


def chosen(name: str, text: str, values: dict[str, str]) -> dict[str, str]:
    """Of all values those that this template takes; what it needs and nobody said is named."""
    asked = parameters(text)
    missing = [key for key, told in asked.items() if key not in values and "Default" not in told]
    if missing:
        raise Trouble(f"{name}.yaml needs {', '.join(missing)}: put it into samconfig.toml, or see README.md")
    return {key: values[key] for key in asked if key in values}


def code_parameter(function: str) -> str:
    """`stripe-webhook` → `StripeWebhookCode`."""
    return f"{function.title().replace('-', '')}Code"


def container(stage: str, wanted: list[str]) -> dict[str, str]:
    """What dispatch may call, as the templates' parameters: known before the container is there, since every name is given.

    Without either stack it is the endpoint, which is not there: orders then wait in the queue.
    """
    if set(CONTAINERS) <= set(wanted):
        raise Trouble(f"{' and '.join(CONTAINERS)} are two ways to the same models: leave one of them out (`without` in samconfig.toml)")
    if "model-function" in wanted:
        return {"EndpointName": "", "InferenceComponentName": "", "ContainerFunction": f"imageto3d-{stage}-model"}
    return {"EndpointName": f"imageto3d-{stage}", "InferenceComponentName": f"imageto3d-{stage}-model", "ContainerFunction": ""}


def unfilled(values: dict[str, str]) -> list[str]:
    """Settings that samconfig.toml only gives the form of: an account, a digest or an address that nobody has."""
    return sorted(key for key, value in values.items() if re.search(r"fill-me-in|111122223333|0{64}", value))


def settings(stage: str, file: Path = INFRA / "samconfig.toml") -> dict:
    """What samconfig.toml says of a stage: region, parameters, stacks that are left out."""
    told = tomllib.loads(file.read_text()).get(stage, {}).get("deploy", {}).get("parameters")
    if told is None or not re.fullmatch(r"[a-z][a-z0-9]{1,9}", stage):
        raise Trouble(f"samconfig.toml has no [{stage}.deploy.parameters]")
    pairs = [pair.partition("=") for pair in told.get("parameter_overrides", [])]
    values = {key: value for key, _, value in pairs} | {"Stage": stage}
    known = {key for name in STACKS for key in parameters(template(name))}
    if unknown := sorted(set(values) - known):
        raise Trouble(f"no template asks for {', '.join(unknown)}")
    return {"region": told["region"], "values": values, "without": tuple(told.get("without", ()))}
