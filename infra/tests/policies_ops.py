"""Rules of the night: alarms that can ring, each with a line that says what to do; and functions that find their settings."""

import re

from templates import INFRA, function_of, of_type, text

ROOT = INFRA.parent
RUNBOOK = INFRA / "runbook.md"
CONTAINER = ROOT / "inference" / "server" / "src"
METRICS = ROOT / "shared" / "edge" / "src" / "metrics.rs"
# What AWS emits, by namespace: a misspelt metric is an alarm that never rings. From each service's own list of metrics.
EMITTED = {
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/SageMaker": {"NoCapacityInvocationFailures", "InvocationsPerCopy", "Invocation5XXErrors"},
    "/aws/sagemaker/Endpoints": {"CPUUtilization"},
    "AWS/ApiGateway": {"5xx", "4xx", "Count", "Latency"},
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "Invocations"},
    "AWS/DynamoDB": {"ReadThrottleEvents", "WriteThrottleEvents"},
    "AWS/WAFV2": {"BlockedRequests"},
}
# They move the fleet and wake nobody; the third undoes a release by itself.
ACTUATORS = {"wake", "idle"}
SELF_HEALING = {"container-broken"}
DOOR = {"TABLE_NAME", "SITE_ORIGIN", "SESSION_KEYS_SECRET_ARN", "VIEWER_ADDRESS_HEADER"}


def alarms_can_ring(templates) -> list[str]:
    """Each looks at a metric that exists and tells somebody."""
    ours = set(re.findall(r'Metric\("(\w+)", "', METRICS.read_text()))
    found = []
    for name, alarm in of_type(templates, "AWS::CloudWatch::Alarm").items():
        parts = [part["MetricStat"]["Metric"] for part in alarm.get("Metrics", []) if "MetricStat" in part] or [alarm]
        for part in parts:
            if part["MetricName"] not in EMITTED.get(part["Namespace"], ours if part["Namespace"] == "ImageTo3D" else set()):
                found.append(f"{name} looks at {part['Namespace']} {part['MetricName']}, which nobody emits")
        if not alarm.get("AlarmActions") and _short(alarm) not in SELF_HEALING:
            found.append(f"{name} tells nobody")
        if "TreatMissingData" not in alarm:
            found.append(f"{name} does not say what silence means")
    return found


def every_alarm_has_a_line_in_the_runbook(templates) -> list[str]:
    """And the runbook has no line of an alarm that is gone."""
    alarms = {_short(alarm) for alarm in of_type(templates, "AWS::CloudWatch::Alarm").values()} - ACTUATORS
    lines = set(re.findall(r"^### `([a-z-]+)`", RUNBOOK.read_text(), re.MULTILINE))
    return [f"{name} is an alarm or a line of the runbook only" for name in sorted(alarms ^ lines - {"budget"})]


def every_queue_is_watched(templates) -> list[str]:
    """How old its messages are, and whether its dead letters stay."""
    watched = set()
    for alarm in of_type(templates, "AWS::CloudWatch::Alarm").values():
        watched |= {text(dimension["Value"]) for dimension in alarm.get("Dimensions", []) if dimension["Name"] == "QueueName"}
    return [f"{name} has no alarm" for name, queue in of_type(templates, "AWS::SQS::Queue").items() if text(queue["QueueName"]) not in watched]


def every_function_is_watched(templates) -> list[str]:
    """By an alarm on its own errors, or by the API's, whose answer they become."""
    watched = set()
    for alarm in of_type(templates, "AWS::CloudWatch::Alarm").values():
        parts = [part["MetricStat"]["Metric"] for part in alarm.get("Metrics", []) if "MetricStat" in part] or [alarm]
        watched |= {text(dimension["Value"]) for part in parts if part["MetricName"] == "Errors" for dimension in part["Dimensions"]}
    answering = {function_of(templates, integration["IntegrationUri"]) for integration in of_type(templates, "AWS::ApiGatewayV2::Integration").values()}
    return [
        f"nobody hears of the errors of {name}" for name, function in of_type(templates, "AWS::Lambda::Function").items()
        if name not in answering and text(function["FunctionName"]) not in watched
    ]


def what_is_left_is_heard_of(templates) -> list[str]:
    """A run that had to leave something ends well: whoever counts it tells it, and what is left for an hour wakes somebody."""
    code = {folder.name: "".join(file.read_text() for file in folder.rglob("*.rs")) for folder in (ROOT / "functions").iterdir()}
    found = [f"{name} tells nobody what it leaves" for name, text in sorted(code.items()) if "left += 1" in text and "meter.left(" not in text]
    told = [alarm["Period"] * alarm["EvaluationPeriods"] for alarm in of_type(templates, "AWS::CloudWatch::Alarm").values() if alarm.get("MetricName") == "WorkLeft"]
    # A fault that passes leaves something in one or two of the quarters.
    return found + ([] if told == [3600] else [f"what is left is looked at for {told} seconds"])


def money_is_bounded(templates) -> list[str]:
    """A budget that writes when 80 % are spent, and when all of it is foreseen."""
    budgets = of_type(templates, "AWS::Budgets::Budget").values()
    told = {(entry["Notification"]["NotificationType"], entry["Notification"]["Threshold"]) for budget in budgets for entry in budget["NotificationsWithSubscribers"]}
    return [] if told == {("ACTUAL", 80), ("FORECASTED", 100)} else [f"the budget tells of {sorted(told)}"]


def functions_find_their_settings(templates) -> list[str]:
    """The names in the template are those that the function's code reads, and no others."""
    found = []
    for name, function in of_type(templates, "AWS::Lambda::Function").items():
        folder = ROOT / "functions" / re.sub(r"(?<!^)(?=[A-Z])", "-", name.removesuffix("Function")).lower() / "src"
        code = "".join(file.read_text() for file in folder.rglob("*.rs"))
        read = set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|STAGE)"', code))
        read |= DOOR if "DoorSettings::read" in code else set()
        read |= {"ORIGIN_PROOFS"} if "edge::serve(" in code else set()
        given = set(function["Environment"]["Variables"])
        if function.get("PackageType") == "Image":
            # The container's, which reads other names on a laptop and under SageMaker.
            read = given & set(re.findall(r'"([A-Z_]+)"', "".join(file.read_text() for file in CONTAINER.rglob("*.rs"))))
        found += [f"{name}: {variable} is read or given only" for variable in sorted((read ^ given) - {"STAGE"} | ({"STAGE"} & read - given))]
    return found


ALL = (alarms_can_ring, every_alarm_has_a_line_in_the_runbook, every_queue_is_watched, every_function_is_watched, what_is_left_is_heard_of, money_is_bounded, functions_find_their_settings)


def _short(alarm: dict) -> str:
    return text(alarm["AlarmName"]).removeprefix("imageto3d-${Stage}-")
