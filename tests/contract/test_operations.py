"""What an operator does, on the local cloud: a whole deploy of another stage, a way back, a restore. The desk is in test_desk.py."""

import hashlib
import json
import re
from pathlib import Path

import pytest
import requests
from conftest import new_person

# SageMaker and metric mathematics are not there: gpu and ops are looked at by the gate only. The container as a function is created
# in one test, and called by no other: the cloud here runs no images.
WITHOUT = ("gpu", "model-function", "ops")
AS_A_FUNCTION = ("gpu", "ops")
IMAGE = f"images.example/imageto3d@sha256:{'1' * 64}"
STAGE = "second"


@pytest.fixture(scope="module")
def second(where, owner, operator, tmp_path_factory):
    """Another stage, deployed by the command that deploys to AWS; taken away afterwards."""
    settings = tmp_path_factory.mktemp("settings") / "samconfig.toml"
    settings.write_text(f'[{STAGE}.deploy.parameters]\nregion = "{where["region"]}"\nparameter_overrides = ["OidcClientId=nobody", "SiteDomain=second.example", "TlsOnly=false", "Image={IMAGE}"]\n')

    def deploy(command: str = "deploy", *more: str, without: tuple[str, ...] = WITHOUT, fails: bool = False) -> str:
        built = ("--built", "--no-smoke", "--architecture", "x86_64") if command in ("deploy", "rollback") else ()
        common = ("--stage", STAGE, "--settings", str(settings), *(part for name in without for part in ("--without", name)), "--yes")
        return operator("deploy.py", command, *common, *built, *more, fails=fails)

    deploy.said = deploy()
    yield deploy
    deploy("destroy")
    left = [stack["StackName"] for stack in owner.cloud.client("cloudformation").describe_stacks()["Stacks"] if f"-{STAGE}-" in stack["StackName"] and stack["StackStatus"] != "DELETE_COMPLETE"]
    assert left == []


@pytest.fixture(scope="module")
def ask(where, owner, second):
    """Asks the second stage's API, as CloudFront does, or without its word."""
    formation = owner.cloud.client("cloudformation")
    outputs = {each["OutputKey"]: each["OutputValue"] for each in formation.describe_stacks(StackName=f"imageto3d-{STAGE}-api")["Stacks"][0]["Outputs"]}

    def get(path: str, word: str | None = None, **headers: str) -> requests.Response:
        brought = {"x-origin-verify": word} if word else {}
        return requests.get(f"{where['cloud']}/_aws/execute-api/{outputs['ApiId']}/$default{path}", headers={**brought, **headers}, timeout=30, allow_redirects=False)

    return get


def word(owner) -> dict:
    return json.loads(owner.cloud.client("secretsmanager").get_secret_value(SecretId=f"imageto3d/{STAGE}/origin")["SecretString"])


def test_a_deploy_says_what_it_changes_and_what_is_still_missing(second):
    assert "Add     Table [AWS::DynamoDB::Table]" in second.said and "Add     Distribution [AWS::CloudFront::Distribution]" in second.said
    assert "still empty, see fill_secret.py: oidc-client, stripe-key, stripe-webhook" in second.said


def test_a_second_deploy_changes_nothing(second):
    assert "Add " not in (said := second()) and "Modify" not in said


def test_nobody_goes_round_cloudfront(owner, ask):
    brought = word(owner)["current"]
    assert ask("/api/me", brought).status_code == 401
    for wrong in (None, "guess", f"{brought}0", brought.upper()):
        assert ask("/api/me", wrong).status_code == 404, wrong


def test_the_word_can_be_changed_while_people_are_there(owner, second, ask):
    before = word(owner)["current"]
    second("rotate-origin")
    second()
    after = word(owner)["current"]
    assert before != after and [ask("/api/me", each).status_code for each in (before, after)] == [401, 401]
    second("rotate-origin")
    second()
    assert [ask("/api/me", each).status_code for each in (before, after)] == [404, 401]


def test_a_release_can_be_taken_back(owner, second):
    s3 = owner.cloud.client("s3")
    bucket = f"imageto3d-{STAGE}-site-{owner.where['account']}-{owner.where['region']}"
    page = s3.get_object(Bucket=bucket, Key="index.html")["Body"].read()
    s3.put_object(Bucket=bucket, Key="index.html", Body=b"a bad release")
    assert " is back, as " in second("rollback")
    found = s3.get_object(Bucket=bucket, Key="index.html")
    assert found["Body"].read() == page and found["CacheControl"] == "no-cache"


def test_the_container_may_be_a_function_instead(owner, second):
    """One deploy goes over to it and one goes back: dispatch is told of one way, and its role may go that way only."""
    functions, iam = owner.cloud.client("lambda"), owner.cloud.client("iam")
    model = f"imageto3d-{STAGE}-model"
    ways = {
        "lambda:InvokeFunction": f"arn:aws:lambda:{owner.where['region']}:{owner.where['account']}:function:{model}",
        "sagemaker:InvokeEndpoint": f"arn:aws:sagemaker:{owner.where['region']}:{owner.where['account']}:endpoint/imageto3d-{STAGE}",
    }

    def dispatch() -> tuple[dict[str, str], list[str]]:
        told = functions.get_function_configuration(FunctionName=f"imageto3d-{STAGE}-dispatch")
        asked = [iam.simulate_principal_policy(PolicySourceArn=told["Role"], ActionNames=[action], ResourceArns=[arn])["EvaluationResults"][0] for action, arn in ways.items()]
        names = ("ENDPOINT_NAME", "INFERENCE_COMPONENT_NAME", "CONTAINER_FUNCTION")
        return {name: told["Environment"]["Variables"][name] for name in names}, [each["EvalActionName"] for each in asked if each["EvalDecision"] == "allowed"]

    second(without=AS_A_FUNCTION)
    assert dispatch() == ({"ENDPOINT_NAME": "", "INFERENCE_COMPONENT_NAME": "", "CONTAINER_FUNCTION": model}, ["lambda:InvokeFunction"])
    made = functions.get_function_configuration(FunctionName=model)
    assert (made["PackageType"], made["Architectures"], made["Timeout"], made["MemorySize"]) == ("Image", ["x86_64"], 100, 3008)
    assert functions.get_function(FunctionName=model)["Code"]["ImageUri"] == IMAGE
    assert "made its models by gpu, which samconfig.toml leaves out" in second("rollback", without=AS_A_FUNCTION, fails=True)
    second()
    assert dispatch() == ({"ENDPOINT_NAME": f"imageto3d-{STAGE}", "INFERENCE_COMPONENT_NAME": model, "CONTAINER_FUNCTION": ""}, ["sagemaker:InvokeEndpoint"])


def test_a_secret_is_filled_without_being_shown(owner, operator, second):
    said = operator("fill_secret.py", "--stage", STAGE, "--name", "stripe-webhook", says="whsec_0123456789\n")
    assert "whsec" not in said
    told = owner.cloud.client("secretsmanager").get_secret_value(SecretId=f"imageto3d/{STAGE}/stripe-webhook")["SecretString"]
    assert [each["secret"] for each in json.loads(told)] == ["whsec_0123456789"]


def test_what_was_saved_is_found_again_in_another_stage(where, owner, operator, second, ask, person, coffee, tmp_path):
    made = person.make(coffee)
    key = person.post("/api/me/keys", {"name": "restored", "scopes": ["read"]}).json()["secret"]
    model = f"/api/generations/{made['id']}/files/model.glb"
    before = requests.get(person.get(model).headers["Location"], timeout=30).content
    gone = leaving(where, coffee)
    operator("restore.py", "save", "--stage", "local", "--to", str(tmp_path / "saved"))
    owner.erase(gone)
    said = operator("restore.py", "restore", "--stage", STAGE, "--from", str(tmp_path / "saved"))
    manifest = json.loads((tmp_path / "saved" / "manifest.json").read_text())
    rows, objects, rows_left_out, objects_left_out, objects_gone = map(int, re.findall(r"(\d+) (?:rows|objects)", said))
    # What was left out of whoever left since, and their deletion, which two tombstones replace.
    assert (rows + rows_left_out, objects + objects_left_out + objects_gone) == (manifest["rows"] + 1, manifest["objects"])
    assert rows_left_out >= 5 and objects_left_out >= 5 and objects >= 5
    brought, headers = word(owner)["current"], {"Authorization": f"Bearer {key}"}
    assert ask(f"/api/generations/{made['id']}", brought, **headers).json() == made
    link = ask(model, brought, **headers)
    assert requests.get(link.headers["Location"], timeout=30).content == before
    photo = ask(f"/api/generations/{made['id']}/files/photo", brought, **headers)
    assert requests.get(photo.headers["Location"], timeout=30).content == coffee
    assert "is not empty" in operator("restore.py", "restore", "--stage", STAGE, "--from", str(tmp_path / "saved"), fails=True)
    names = {kind: f"imageto3d-{STAGE}-{kind}-{where['account']}-{where['region']}" for kind in ("uploads", "models")}
    left = operator("verify_erasure.py", "--table", f"imageto3d-{STAGE}", "--buckets", *names.values(), "--user", gone)
    assert left.startswith("nothing is left in")
    stone = {"pk": {"S": f"TOMB#{hashlib.sha256(gone.encode()).hexdigest()}"}, "sk": {"S": "TOMB"}}
    assert "Item" in owner.cloud.client("dynamodb").get_item(TableName=f"imageto3d-{STAGE}", Key=stone)


def leaving(where, photo: bytes) -> str:
    """Somebody with one of everything that a deletion takes, who has asked for it."""
    person = new_person(where)
    person.make(photo)
    person.post("/api/me/keys", {"name": "theirs", "scopes": ["read"]})
    assert person.post("/api/me/deletion").status_code == 202
    return person.get("/api/me").json()["user_id"]


def test_weights_are_uploaded_once_and_never_replaced(owner, operator, second):
    bucket = f"imageto3d-{STAGE}-weights-{owner.where['account']}-{owner.where['region']}"
    first = operator("upload_weights.py", "--bucket", bucket, "--without-triposr")
    assert first.startswith("WeightsPrefix=weights/") and "1 files were new" in first
    assert "0 files were new" in operator("upload_weights.py", "--bucket", bucket, "--without-triposr")
    prefix = first.split("=")[1].split(" ")[0]
    owner.cloud.client("s3").put_object(Bucket=bucket, Key=f"{prefix}u2netp.onnx", Body=b"x", Metadata={"sha256": "0" * 64})
    assert "somebody changed it" in operator("upload_weights.py", "--bucket", bucket, "--without-triposr", fails=True)


def test_the_functions_count_what_happens(where, owner, person, coffee):
    """Lines that CloudWatch makes metrics of, out of the functions' own logs."""
    person.make(coffee)
    logs, counted = owner.cloud.client("logs"), set()
    for function in ("generations", "dispatch"):
        for event in logs.filter_log_events(logGroupName=f"/aws/lambda/imageto3d-local-{function}")["events"]:
            if '"CloudWatchMetrics"' in event["message"]:
                told = json.loads(event["message"])
                (directive,) = told["_aws"]["CloudWatchMetrics"]
                assert (directive["Namespace"], told["Stage"]) == ("ImageTo3D", "local")
                counted |= {metric["Name"] for metric in directive["Metrics"]}
    assert {"GenerationsCreated", "GenerationsSucceeded", "CreditsSpent", "QueueSeconds", "GpuSeconds"} <= counted
