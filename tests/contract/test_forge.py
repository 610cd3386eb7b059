"""What the public forge's role may do by itself, asked of the local cloud's own evaluator: infra/forge.yaml is deployed by nobody here."""

import json
import sys

import pytest
from conftest import REPOSITORY

sys.path.append(str(REPOSITORY / "infra" / "tests"))

import permissions  # noqa: E402  (found by the line above)
import templates  # noqa: E402

STAGE = "prod"


@pytest.fixture(scope="module")
def here(where) -> str:
    return f"{where['region']}:{where['account']}"


@pytest.fixture(scope="module")
def may(where, owner):
    """Whether the role may do this to that, called by itself and not by CloudFormation."""
    values = {"AWS::Partition": "aws", "AWS::Region": where["region"], "AWS::AccountId": where["account"], "Stage": STAGE, "HostedZoneId": "Z0"}
    resources = templates.read(templates.ALONE)["forge"]["Resources"].values()
    documents = [policy["PolicyDocument"] for resource in resources for policy in resource["Properties"].get("Policies", [])]
    documents += [resource["Properties"]["PolicyDocument"] for resource in resources if "PolicyDocument" in resource["Properties"]]
    written = [
        json.dumps({"Version": "2012-10-17", "Statement": [
            {**branch, "Resource": [permissions.filled(each, values) for each in templates.as_list(branch["Resource"])]}
            for statement in document["Statement"] for branch in templates.branches(statement)
        ]})
        for document in documents
    ]
    assert len(written) == 3

    def ask(action: str, thing: str) -> bool:
        told = owner.cloud.client("iam").simulate_custom_policy(PolicyInputList=written, ActionNames=[action], ResourceArns=[thing])
        return told["EvaluationResults"][0]["EvalDecision"] == "allowed"

    return ask


def test_the_forge_may_do_what_a_deploy_calls(may, here):
    bucket = f"arn:aws:s3:::imageto3d-{STAGE}-code-{here.split(':')[1]}-{here.split(':')[0]}"
    for action, thing in (
        ("cloudformation:CreateChangeSet", f"arn:aws:cloudformation:{here}:stack/imageto3d-{STAGE}-app/1"), ("s3:PutObject", f"{bucket}/auth/1.zip"), ("s3:ListBucket", bucket),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{here}:secret:imageto3d/{STAGE}/session-keys-AbCdEf"),
        ("secretsmanager:PutSecretValue", f"arn:aws:secretsmanager:{here}:secret:imageto3d/{STAGE}/origin-AbCdEf"),
        ("cloudfront:CreateInvalidation", f"arn:aws:cloudfront::{here.split(':')[1]}:distribution/E1"),
    ):
        assert may(action, thing), f"{action} on {thing}"


def test_the_forge_may_not_read_people_s_data_nor_touch_another_stage_nor_itself(may, here):
    region, account = here.split(":")
    for action, thing in (
        ("cloudformation:CreateChangeSet", f"arn:aws:cloudformation:{here}:stack/imageto3d-another-app/1"),
        ("cloudformation:DeleteStack", f"arn:aws:cloudformation:{here}:stack/forge-imageto3d-{STAGE}/1"),
        ("s3:GetObject", f"arn:aws:s3:::imageto3d-{STAGE}-uploads-{account}-{region}/uploads/a/b"), ("s3:GetObject", f"arn:aws:s3:::imageto3d-{STAGE}-models-{account}-{region}/models/a/b"),
        ("s3:DeleteObject", f"arn:aws:s3:::imageto3d-{STAGE}-code-{account}-{region}/auth/1.zip"), ("dynamodb:GetItem", f"arn:aws:dynamodb:{here}:table/imageto3d-{STAGE}"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{here}:secret:imageto3d/{STAGE}/stripe-key-AbCdEf"),
        ("secretsmanager:PutSecretValue", f"arn:aws:secretsmanager:{here}:secret:imageto3d/{STAGE}/stripe-key-AbCdEf"),
        ("iam:PutRolePolicy", f"arn:aws:iam::{account}:role/imageto3d-{STAGE}-deploy"),
    ):
        assert not may(action, thing), f"{action} on {thing}"


def test_what_is_cloudformations_is_refused_without_it(may, here):
    account = here.split(":")[1]
    for action, thing in (
        ("iam:CreateRole", f"arn:aws:iam::{account}:role/imageto3d-{STAGE}-access-AuthRole-1"), ("iam:PutRolePolicy", f"arn:aws:iam::{account}:role/imageto3d-{STAGE}-access-AuthRole-1"),
        ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{here}:function:imageto3d-{STAGE}-auth"), ("dynamodb:UpdateTable", f"arn:aws:dynamodb:{here}:table/imageto3d-{STAGE}"),
        ("logs:DeleteLogGroup", f"arn:aws:logs:{here}:log-group:/aws/lambda/imageto3d-{STAGE}-auth"),
    ):
        assert not may(action, thing), f"{action} on {thing}"
