"""Reads the templates as data: `!Sub x` becomes `{"Fn::Sub": "x"}`, as CloudFormation itself sees it."""

from pathlib import Path

import yaml

INFRA = Path(__file__).resolve().parents[1]
NAMES = ("data", "queues", "depot", "access", "access-work", "app", "app-work", "stream", "api", "gpu", "model-function", "firewall", "edge", "ops", "dashboard")
# Deployed by hand, once: no stack of a release. What holds for functions and their roles does not hold for it; policies_forge.py does.
ALONE = ("forge",)


class _Loader(yaml.SafeLoader):
    pass


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node):
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _tag)


def read(names: tuple[str, ...] = NAMES) -> dict[str, dict]:
    """Templates, by name: all of a stage's, if no others are asked for."""
    return {name: yaml.load((INFRA / f"{name}.yaml").read_text(), _Loader) for name in names}


def of_type(templates: dict[str, dict], kind: str) -> dict[str, dict]:
    """Every resource of one type in a stage's templates, with its properties, by logical id."""
    found = [
        (name, resource.get("Properties", {}))
        for template in (templates[name] for name in templates if name not in ALONE)
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    ]
    if len(dict(found)) != len(found):
        raise ValueError(f"two templates give a resource of the type {kind} the same name")
    return dict(found)


def function_of(templates: dict[str, dict], value) -> str:
    """The logical id of a function, named by `!Ref`, `!GetAtt` or another template's export."""
    if "Fn::ImportValue" not in value:
        return value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]
    return queue_of(templates, value)


def queue_of(templates: dict[str, dict], value) -> str:
    """The logical id of what another template exports."""
    exports = {
        text(output["Export"]["Name"]): output["Value"]
        for template in templates.values() for output in template.get("Outputs", {}).values() if "Export" in output
    }
    return exports[text(value["Fn::ImportValue"])]["Fn::GetAtt"][0]


def branches(value) -> list:
    """What an `!If` may come to, or the thing itself."""
    return [each for each in value["Fn::If"][1:] if each != {"Ref": "AWS::NoValue"}] if "Fn::If" in value else [value]


def statements(role: dict) -> list[dict]:
    """Everything that a role may do on one way or the other."""
    return [branch for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"] for branch in branches(statement)]


def rights(templates: dict[str, dict], service: str) -> list[tuple[str, list[str], object]]:
    """Who may do what at one service, and with which things: role, actions, resource."""
    found = []
    for name, role in of_type(templates, "AWS::IAM::Role").items():
        for statement in statements(role):
            if actions := [action for action in as_list(statement["Action"]) if action.startswith(f"{service}:")]:
                found.append((name, actions, statement["Resource"]))
    return found


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


def text(value) -> str:
    """A string, or what is inside a `!Sub`."""
    return value if isinstance(value, str) else value.get("Fn::Sub", str(value))
