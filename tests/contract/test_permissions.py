"""Who may do what, asked of the cloud that runs: its own evaluator decides every call here, and must say what ours says.

`infra/tests/permissions.txt` is the same table as our evaluator computes it from the templates; here each deed of it is put to the
local cloud for each role that was deployed. A role that is not deployed here (the container's, on either way) is asked by its policy.
"""

import json
import sys

import botocore.session
import pytest
from botocore.config import Config
from conftest import REPOSITORY
from places import ENDPOINT_NAME, INFERENCE_COMPONENT_NAME, MAIL_DOMAIN

sys.path.append(str(REPOSITORY / "infra" / "tests"))

import permissions  # noqa: E402  (found by the line above)
import templates  # noqa: E402

ROLES = {name: (template, role["Properties"]) for template, read in templates.read().items() for name, role in read["Resources"].items() if role["Type"] == "AWS::IAM::Role"}


@pytest.fixture(scope="session")
def values(where) -> dict[str, str]:
    """What stands for the templates' parameters here."""
    return {
        "AWS::Partition": "aws", "AWS::Region": where["region"], "AWS::AccountId": where["account"], "Stage": where["stage"],
        "EndpointName": ENDPOINT_NAME, "InferenceComponentName": INFERENCE_COMPONENT_NAME, "ContainerFunction": "", "MailDomain": MAIL_DOMAIN,
    }


def deployed(owner, values, template: str, name: str) -> str | None:
    """A role's name in the cloud, if its template was deployed."""
    formation = owner.cloud.client("cloudformation")
    stack = f"imageto3d-{values['Stage']}-{template}"
    if stack not in {each["StackName"] for each in formation.describe_stacks()["Stacks"]}:
        return None
    return formation.describe_stack_resource(StackName=stack, LogicalResourceId=name)["StackResourceDetail"]["PhysicalResourceId"]


def asker(owner, values, template: str, role: dict, name: str, by_policy: bool = False):
    """A question to the cloud: may this role do these things to that one?"""
    iam = owner.cloud.client("iam")
    if not by_policy and (there := deployed(owner, values, template, name)):
        source = iam.get_role(RoleName=there)["Role"]["Arn"]
        return lambda actions, thing: iam.simulate_principal_policy(PolicySourceArn=source, ActionNames=actions, ResourceArns=[thing])
    written = [
        {**statement, "Resource": [permissions.filled(each, values) for each in permissions.as_list(statement["Resource"])]} for statement in permissions.statements(role, values)
    ]
    document = json.dumps({"Version": "2012-10-17", "Statement": written})
    return lambda actions, thing: iam.simulate_custom_policy(PolicyInputList=[document], ActionNames=actions, ResourceArns=[thing])


def test_only_the_containers_roles_are_not_deployed_here(owner, values):
    assert {name for name, (template, _) in ROLES.items() if not deployed(owner, values, template, name)} == {"ContainerRole", "ModelRole"}


def differences(ask, role: dict, values: dict[str, str]) -> list[tuple]:
    """Deeds on which the cloud and our table do not agree."""
    by_thing, different = {}, []
    for action, thing, _ in permissions.deeds(values):
        by_thing.setdefault(thing, []).append(action)
    for thing, actions in by_thing.items():
        for told in ask(actions, thing)["EvaluationResults"]:
            ours = permissions.may(role, told["EvalActionName"], thing, values)
            # The question brings no context, so what is allowed under a condition is refused; calls below bring one.
            if (ours == "x") != (told["EvalDecision"] == "allowed"):
                different.append((told["EvalActionName"], thing, ours, told["EvalDecision"]))
    assert sum(map(len, by_thing.values())) == len(permissions.deeds(values)) >= 90
    return different


@pytest.mark.parametrize("name", ROLES)
def test_the_cloud_and_our_table_agree_on_every_deed_of(name, owner, values):
    template, role = ROLES[name]
    assert differences(asker(owner, values, template, role, name), role, values) == []


def test_they_agree_on_dispatch_where_the_container_is_a_function(owner, values):
    """Asked by its policy: here it is deployed for the endpoint."""
    (template, role), there = ROLES["DispatchRole"], values | {"ContainerFunction": f"imageto3d-{values['Stage']}-model"}
    assert differences(asker(owner, there, template, role, "DispatchRole", by_policy=True), role, there) == []
    assert permissions.statements(role, there) != permissions.statements(role, values)


def test_a_condition_opens_what_it_names_and_nothing_else(where, owner, values):
    """Real calls under a function's own role: versions may be listed below `models/`, and not of the whole bucket."""
    role = owner.cloud.client("iam").get_role(RoleName=deployed(owner, values, "access-work", "DispatchRole"))["Role"]["Arn"]
    own = owner.cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    client = botocore.session.Session().create_client(
        "s3", region_name=where["region"], endpoint_url=where["cloud"], aws_access_key_id=own["AccessKeyId"],
        aws_secret_access_key=own["SecretAccessKey"], aws_session_token=own["SessionToken"], config=Config(s3={"addressing_style": "path"}))
    assert client.list_object_versions(Bucket=where["models_bucket"], Prefix="models/x")["ResponseMetadata"]["HTTPStatusCode"] == 200
    for prefix in ("exports/", ""):
        with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
            client.list_object_versions(Bucket=where["models_bucket"], Prefix=prefix)
