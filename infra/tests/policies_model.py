"""Rules of the container as a function: it holds nothing, one role calls it, and a stage takes this way or the endpoint."""

import json
import re

from templates import INFRA, as_list, of_type, rights, statements, text

DISPATCH = INFRA.parent / "functions" / "dispatch" / "src"
ON_LAMBDA = {"Fn::Not": [{"Fn::Equals": [{"Ref": "ContainerFunction"}, ""]}]}
FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:imageto3d-${Stage}-model"
TRACE = {"Sid": "Trace", "Effect": "Allow", "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "Resource": "*"}
OWN_LOG = {"Sid": "OwnLogs", "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": {"Fn::GetAtt": ["ModelLogs", "Arn"]}}


def the_models_function_holds_nothing(templates) -> list[str]:
    """Its log and its trace: no right on a row, an object or a message, and nothing in its environment but a folder."""
    role = of_type(templates, "AWS::IAM::Role")["ModelRole"]
    found = []
    if [policy["PolicyDocument"]["Statement"] for policy in role["Policies"]] != [[OWN_LOG, TRACE]] or role.get("ManagedPolicyArns"):
        found.append("the model's function may do more than write its log and its trace, or less")
    function = _model(templates)
    if function["Environment"] != {"Variables": {"MODEL_DIR": "/opt/ml/model"}}:
        found.append("the model's function is given more than a folder")
    if "VpcConfig" in function or function.get("Layers") or function.get("FileSystemConfigs"):
        found.append("the model's function reaches a private network, or code that was not tested")
    return found


def only_dispatch_calls_the_models_function(templates) -> list[str]:
    """By its role, and that role calls no other; no service, no address and no queue leads there."""
    found = [
        f"{name} may {', '.join(actions)} at {text(resource)}" for name, actions, resource in rights(templates, "lambda")
        if (name, actions, resource) != ("DispatchRole", ["lambda:InvokeFunction"], {"Fn::Sub": FUNCTION})
    ]
    for kind in ("AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig", "AWS::Events::Rule"):
        for name, resource in of_type(templates, kind).items():
            if "ModelFunction" in json.dumps(resource) or "imageto3d-${Stage}-model" in json.dumps(resource):
                found.append(f"{name} leads to the model's function")
    return found


def the_models_function_ends_before_dispatch(templates) -> list[str]:
    """It answers, or is cut off, while dispatch still waits and has its margin to write down which; nothing is set apart for it."""
    function = _model(templates)
    margins = [int(told) for file in sorted(DISPATCH.rglob("*.rs")) for told in re.findall(r"MARGIN_S: i64 = (\d+);", file.read_text())]
    waits = of_type(templates, "AWS::Lambda::Function")["DispatchFunction"]["Timeout"] - max(margins, default=120)
    found = [] if function["Timeout"] < waits else [f"the model's function may run {function['Timeout']} s, and dispatch waits {waits} s"]
    if "ReservedConcurrentExecutions" in function:
        found.append("a new account has nothing that could be set apart for the model's function")
    return found


def the_models_image_is_pinned_and_pulled_for_it_alone(templates) -> list[str]:
    """By digest, as the endpoint's, on the machine that it was built for; Lambda may pull for this function and no other."""
    function, found = _model(templates), []
    if (function.get("PackageType"), function["Code"], function["Architectures"]) != ("Image", {"ImageUri": {"Ref": "Image"}}, [{"Ref": "ImageArchitecture"}]):
        found.append("the model's function does not run the image")
    patterns = [templates[name]["Parameters"]["Image"].get("AllowedPattern") for name in ("gpu", "model-function")]
    if patterns[0] != patterns[1] or not re.fullmatch(patterns[1], "repository@sha256:" + "0" * 64) or re.fullmatch(patterns[1], "repository:latest"):
        found.append("the function's image need not be named by its digest")
    (repository,) = of_type(templates, "AWS::ECR::Repository").values()
    allowed = [
        (statement["Principal"], sorted(statement["Action"]), statement.get("Condition", {}).get("ArnLike", {}).get("aws:SourceArn"))
        for statement in repository.get("RepositoryPolicyText", {}).get("Statement", [])
    ]
    if allowed != [({"Service": "lambda.amazonaws.com"}, ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], {"Fn::Sub": f"{FUNCTION}*"})]:
        found.append("the image is pulled by others than the model's function, or not by it")
    return found


def one_way_to_the_container_is_on(templates) -> list[str]:
    """The same question decides what dispatch is told and what its role may do; all names are always there, those of the other way empty."""
    found = []
    for name in ("access-work", "app-work"):
        if templates[name]["Conditions"].get("OnLambda") != ON_LAMBDA:
            found.append(f"{name} asks another question")
        for parameter in ("EndpointName", "InferenceComponentName", "ContainerFunction"):
            if templates[name]["Parameters"][parameter].get("Default") != "":
                found.append(f"{name} needs {parameter} on both ways")
    told = of_type(templates, "AWS::Lambda::Function")["DispatchFunction"]["Environment"]["Variables"]
    wanted = {
        "ENDPOINT_NAME": {"Fn::If": ["OnLambda", "", {"Ref": "EndpointName"}]},
        "INFERENCE_COMPONENT_NAME": {"Fn::If": ["OnLambda", "", {"Ref": "InferenceComponentName"}]},
        "CONTAINER_FUNCTION": {"Ref": "ContainerFunction"},
    }
    found += [f"dispatch is told {variable} on the wrong way" for variable, value in wanted.items() if told.get(variable) != value]
    role = of_type(templates, "AWS::IAM::Role")["DispatchRole"]
    ways = [statement["Fn::If"] for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"] if "Fn::If" in statement]
    if [(way[0], *(branch.get("Action") for branch in way[1:])) for way in ways] != [("OnLambda", ["lambda:InvokeFunction"], ["sagemaker:InvokeEndpoint"])]:
        found.append("dispatch's role may go both ways, or the wrong one")
    if sum(action.endswith((":InvokeFunction", ":InvokeEndpoint")) for statement in statements(role) for action in as_list(statement["Action"])) != 2:
        found.append("dispatch's role may call something on both ways")
    return found


ALL = (
    the_models_function_holds_nothing, only_dispatch_calls_the_models_function, the_models_function_ends_before_dispatch,
    the_models_image_is_pinned_and_pulled_for_it_alone, one_way_to_the_container_is_on,
)


def _model(templates) -> dict:
    return of_type(templates, "AWS::Lambda::Function")["ModelFunction"]
