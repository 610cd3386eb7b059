"""Rules of the role that the public forge takes: one repository, one environment, what a deploy does, and nothing that people stored."""

import ast
import json
import re
from pathlib import Path

from templates import INFRA, as_list, branches, text

TOKEN = "token.actions.githubusercontent.com"
# Of what a deploy makes, ids are nobody's choice, or AWS knows no resource. A new name here is a decision.
UNNAMED = {
    "ShowTheNewPage", "TheScalersOwnRole", "QueuesReaders", "WhatTheFleetIsMadeOf", "TheAccountsApis", "TheAccountsDistributions", "TheAccountsCertificates",
    "WhatAwsNamesNoResourceFor", "NamesOfTheSite", "HowFarNamesAre",
}
ANYTHING = {"QueuesReaders", "WhatAwsNamesNoResourceFor"}
SERVICES = {"_formation": "cloudformation", "s3": "s3", "manager": "secretsmanager", "cloudfront": "cloudfront"}
# What a workflow cannot ask for: it offers deploy and rollback.
BY_HAND = {"destroy", "_empty"}
# No calls of ours, but needed for them: stacks carry tags, and functions are given their roles.
BESIDE = {"cloudformation:TagResource", "iam:PassRole"}
# Of people's photos, models and rows, of what others brought, and of what is done in their names.
NEVER = {
    "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObjectVersion", "s3:DeleteBucket", "dynamodb:DeleteTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan",
    "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ExportTableToPointInTime", "secretsmanager:DeleteSecret", "ecr:DeleteRepository",
    "ecr:PutImage", "sqs:ReceiveMessage", "sqs:SendMessage", "lambda:InvokeFunction", "sagemaker:InvokeEndpoint", "logs:GetLogEvents", "logs:FilterLogEvents",
    "iam:AttachRolePolicy", "iam:CreatePolicyVersion", "iam:CreateUser", "iam:CreateAccessKey", "iam:UpdateOpenIDConnectProviderThumbprint", "sts:AssumeRole",
}


def only_the_stages_own_workflow_deploys(templates) -> list[str]:
    """The token names the repository and the environment, whole, and is meant for AWS; whoever takes part in another way gets nothing."""
    trust = _resource(templates, "DeployRole")["AssumeRolePolicyDocument"]["Statement"]
    wanted = [{
        "Effect": "Allow", "Principal": {"Federated": {"Fn::If": ["MakesProvider", {"Ref": "Provider"}, {"Ref": "ProviderArn"}]}},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{TOKEN}:aud": "sts.amazonaws.com", f"{TOKEN}:sub": {"Fn::Sub": "repo:${Repository}:environment:${Stage}"}}},
    }]
    found = [] if trust == wanted else ["another token than the stage's own workflow's opens the role"]
    if _resource(templates, "Provider") != {"Url": f"https://{TOKEN}", "ClientIdList": ["sts.amazonaws.com"]}:
        found.append("the provider is another, or takes tokens that are meant for others")
    pattern = templates["forge"]["Parameters"]["Repository"].get("AllowedPattern", ".*")
    if not re.fullmatch(pattern, "owner/name") or any(re.fullmatch(pattern, wrong) for wrong in ("owner/*", "*", "owner/name:ref", "owner", "owner/?ame")):
        found.append("a repository may be named with a wildcard")
    return found


def the_forge_does_what_a_deploy_does(templates) -> list[str]:
    """Each action is spelt out and each thing is the stage's; by itself it calls what deploy.py calls, all else goes through CloudFormation."""
    found = []
    for statement in _allowed(templates):
        sid = statement["Sid"]
        found += [f"{sid} allows {action}" for action in as_list(statement["Action"]) if "*" in action or ":" not in action]
        for resource in map(text, as_list(statement["Resource"])):
            named = "imageto3d-${Stage}" in resource or "imageto3d/${Stage}/" in resource or ":global/managedruleset/" in resource
            if not named and sid not in UNNAMED or resource == "*" and sid not in ANYTHING:
                found.append(f"{sid} touches {resource}")
    (release,) = _resource(templates, "DeployRole")["Policies"]
    statements = release["PolicyDocument"]["Statement"]
    direct = {action for statement in statements if statement["Effect"] == "Allow" for action in as_list(statement["Action"])}
    found += [f"{action} is called or allowed only" for action in sorted(direct ^ (called() | BESIDE))]
    through = [statement for statement in statements if statement["Sid"] == "OnlyThroughCloudFormation"]
    if [(each["Effect"], set(each["NotAction"]), each["Resource"], each.get("Condition")) for each in through] != [
        ("Deny", direct | {"iam:CreateServiceLinkedRole"}, "*", {"StringNotEquals": {"aws:CalledViaFirst": "cloudformation.amazonaws.com"}})
    ]:
        found.append("what belongs to CloudFormation may be called without it")
    return found


def the_forge_cannot_raise_itself(templates) -> list[str]:
    """Nobody changes the role that they act under; a role of the stage is handed to the two services that run for it, and to no other."""
    (release,) = _resource(templates, "DeployRole")["Policies"]
    own = {"Effect": "Deny", "Action": ["iam:*"], "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/imageto3d-${Stage}-deploy"}}
    found = []
    if own not in [{key: value for key, value in statement.items() if key != "Sid"} for statement in release["PolicyDocument"]["Statement"]]:
        found.append("the forge may change its own role")
    if text(_resource(templates, "DeployRole")["RoleName"]) != "imageto3d-${Stage}-deploy":
        found.append("the role has another name than the one that is denied")
    for statement in _allowed(templates):
        if "iam:PassRole" in as_list(statement["Action"]) and statement.get("Condition") != {"StringEquals": {"iam:PassedToService": ["lambda.amazonaws.com", "sagemaker.amazonaws.com"]}}:
            found.append("a role may be handed to any service")
    return found


def what_people_stored_is_not_the_forges(templates) -> list[str]:
    """It reads and deletes no photo, model or row, and no secret but the two that a deploy makes."""
    found = []
    for statement in _allowed(templates):
        actions, resources = set(as_list(statement["Action"])), [text(resource) for resource in as_list(statement["Resource"])]
        found += [f"{statement['Sid']} allows {action}" for action in sorted(actions & NEVER)]
        if actions & {"s3:GetObject", "s3:PutObject"} and not all(re.search(r"imageto3d-\$\{Stage\}-(code|site)-", resource) for resource in resources):
            found.append(f"{statement['Sid']} reaches objects of people")
        if actions & {"secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"} and not all(resource.endswith(("/origin-??????", "/session-keys-??????")) for resource in resources):
            found.append(f"{statement['Sid']} reads or writes what others brought")
    return found


def the_forges_policies_fit(templates) -> list[str]:
    """IAM counts characters: 10,240 of a role's own policies, 6,144 of one that is attached."""
    role = _resource(templates, "DeployRole")
    attached = {name: resource["Properties"]["PolicyDocument"] for name, resource in templates["forge"]["Resources"].items() if resource["Type"] == "AWS::IAM::ManagedPolicy"}
    found = [] if role["ManagedPolicyArns"] == [{"Ref": name} for name in attached] else ["a policy is not attached, or not ours"]
    sizes = [("DeployRole", _size([policy["PolicyDocument"] for policy in role["Policies"]]), 10_240), *((name, _size(policy), 6_144) for name, policy in attached.items())]
    return found + [f"{name} has {size} characters of at most {most}" for name, size, most in sizes if size > most]


ALL = (
    only_the_stages_own_workflow_deploys, the_forge_does_what_a_deploy_does, the_forge_cannot_raise_itself, what_people_stored_is_not_the_forges, the_forges_policies_fit,
)


def called() -> set[str]:
    """What deploy.py and release/ call for a deploy or a rollback, as IAM names it: read from their code."""
    found = set()
    for file in (INFRA / "deploy.py", *sorted((INFRA / "release").glob("*.py"))):
        found |= _calls(file)
    return found


def _calls(file: Path) -> set[str]:
    found, left = set(), [ast.parse(file.read_text())]
    while left:
        node = left.pop()
        if isinstance(node, ast.FunctionDef) and node.name in BY_HAND:
            continue
        left += ast.iter_child_nodes(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            service = SERVICES.get(getattr(node.func.value, "id", getattr(node.func.value, "attr", None)))
            if service:
                found |= _actions(service, node)
    return found


def _actions(service: str, call: ast.Call) -> set[str]:
    method = call.func.attr
    if method in ("get_waiter", "get_paginator"):
        method = call.args[0].value if isinstance(call.args[0], ast.Constant) else "describe_stacks"
    method = {"list_objects_v2": "list_bucket", "change_set_create_complete": "describe_change_set"}.get(method, method)
    return {f"{service}:{method.title().replace('_', '')}"}


def _resource(templates, name: str) -> dict:
    return templates["forge"]["Resources"][name]["Properties"]


def _allowed(templates) -> list[dict]:
    """Everything that the role may do, its attached policies included."""
    documents = [policy["PolicyDocument"] for policy in _resource(templates, "DeployRole")["Policies"]]
    documents += [resource["Properties"]["PolicyDocument"] for resource in templates["forge"]["Resources"].values() if resource["Type"] == "AWS::IAM::ManagedPolicy"]
    return [branch for document in documents for statement in document["Statement"] for branch in branches(statement) if branch["Effect"] == "Allow"]


def _size(documents) -> int:
    """With the longest names that there are; what `!Sub` stands for counts and itself does not."""
    longest = {"AWS::Partition": "aws-us-gov", "AWS::Region": "ap-southeast-2", "AWS::AccountId": "1" * 12, "Stage": "s" * 10, "HostedZoneId": "Z" * 32}
    written = re.sub(r'\{"Fn::Sub":("[^"]*")\}', r"\1", json.dumps(documents, separators=(",", ":")))
    return len(re.sub(r"\$\{([\w:]+)\}", lambda found: longest[found[1]], written))
