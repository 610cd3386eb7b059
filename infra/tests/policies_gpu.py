"""Rules of the fleet: it sleeps, it wakes, it reaches nothing, and a bad release goes back."""

import re

from templates import of_type


def the_fleet_sleeps_and_wakes(templates) -> list[str]:
    """Zero instances while nobody calls, and every part of the way back: without one of them it sleeps once and for ever."""
    (config,) = of_type(templates, "AWS::SageMaker::EndpointConfig").values()
    (component,) = of_type(templates, "AWS::SageMaker::InferenceComponent").values()
    (copies,) = of_type(templates, "AWS::ApplicationAutoScaling::ScalableTarget").values()
    policies = of_type(templates, "AWS::ApplicationAutoScaling::ScalingPolicy")
    (variant,) = config["ProductionVariants"]
    found = []
    if variant["ManagedInstanceScaling"].get("MinInstanceCount") != 0 or copies["MinCapacity"] != 0:
        found.append("the fleet never sleeps")
    if component["RuntimeConfig"]["CopyCount"] < 1:
        found.append("a component cannot be created with no copy")
    if not any(policy["PolicyType"] == "TargetTrackingScaling" for policy in policies.values()):
        found.append("nothing follows the load")
    found += [] if any(_wakes(alarm, policies) for alarm in of_type(templates, "AWS::CloudWatch::Alarm").values()) else ["nothing wakes the fleet"]
    found += [] if any(_sends_to_sleep(alarm, policies) for alarm in of_type(templates, "AWS::CloudWatch::Alarm").values()) else ["nothing sends the fleet to sleep"]
    if len(variant.get("InstancePools", [])) < 2:
        found.append("there is no second kind of instance")
    if templates["gpu"]["Parameters"]["IdleMinutes"].get("MinValue", 0) < 5:
        found.append("a fleet that is being woken could be sent back to sleep")
    return found


def as_many_are_sent_as_are_made(templates) -> list[str]:
    """Messages in work = copies × one: the container makes one model at a time. Every template takes the same number, within SQS's
    bounds, and so do the functions that tell people how long they wait."""
    (source,) = [source for source in of_type(templates, "AWS::Lambda::EventSourceMapping").values() if source["FunctionName"] == {"Ref": "DispatchFunction"}]
    (config,) = of_type(templates, "AWS::SageMaker::EndpointConfig").values()
    (copies,) = of_type(templates, "AWS::ApplicationAutoScaling::ScalableTarget").values()
    (follow,) = [policy for policy in of_type(templates, "AWS::ApplicationAutoScaling::ScalingPolicy").values() if policy["PolicyType"] == "TargetTrackingScaling"]
    most, found = {"Ref": "MaxCopies"}, []
    if source["ScalingConfig"] != {"MaximumConcurrency": {"Fn::If": ["OneCopy", 2, most]}} or templates["app-work"]["Conditions"]["OneCopy"] != {"Fn::Equals": [most, 1]}:
        found.append("dispatch does not take as many messages as there are copies")
    if [config["ProductionVariants"][0]["ManagedInstanceScaling"]["MaxInstanceCount"], copies["MaxCapacity"]] != [most, most]:
        found.append("instances and copies are bounded by different numbers")
    if follow["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] != 1:
        found.append("the fleet grows for another number of calls than a copy takes")
    bounds = [{key: templates[name]["Parameters"]["MaxCopies"].get(key) for key in ("Type", "Default", "MinValue", "MaxValue")} for name in ("gpu", "app-work", "app", "stream")]
    if any(each != bounds[0] for each in bounds) or not bounds[0]["MaxValue"] or bounds[0]["MaxValue"] > 1000:
        found.append("the templates allow different numbers of copies, or more than SQS takes")
    for name, function in of_type(templates, "AWS::Lambda::Function").items():
        if function["Environment"]["Variables"].get("MODELS_AT_ONCE", most) != most:
            found.append(f"{name} tells people of another number of models at once")
    return found


def the_container_is_alone_and_pinned(templates) -> list[str]:
    """No network, an image by its digest, a driver by its name, weights as they are."""
    found = []
    for kind in ("AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig"):
        for name, resource in of_type(templates, kind).items():
            if resource.get("EnableNetworkIsolation") is not True:
                found.append(f"{name} may reach the network")
    (model,) = of_type(templates, "AWS::SageMaker::Model").values()
    source = model["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]
    if (source["CompressionType"], source["S3DataType"]) != ("None", "S3Prefix"):
        found.append("the weights would have to be unpacked at each start")
    parameters = templates["gpu"]["Parameters"]
    if not re.fullmatch(parameters["Image"].get("AllowedPattern", ".*"), "repository@sha256:" + "0" * 64) or re.fullmatch(parameters["Image"].get("AllowedPattern", ".*"), "repository:latest"):
        found.append("the image need not be named by its digest")
    if not parameters["WeightsPrefix"].get("AllowedPattern", "").endswith("/"):
        found.append("the weights' prefix may also begin another's name")
    (config,) = of_type(templates, "AWS::SageMaker::EndpointConfig").values()
    if "InferenceAmiVersion" not in config["ProductionVariants"][0] or "EndpointConfigName" in config:
        found.append("the driver is not pinned, or an immutable configuration has a name")
    return found


def a_bad_container_goes_back(templates) -> list[str]:
    """Both the endpoint and its component watch an alarm while they change."""
    alarms = of_type(templates, "AWS::CloudWatch::Alarm")
    found = []
    for kind in ("AWS::SageMaker::Endpoint", "AWS::SageMaker::InferenceComponent"):
        for name, resource in of_type(templates, kind).items():
            watched = resource.get("DeploymentConfig", {}).get("AutoRollbackConfiguration", {}).get("Alarms", [])
            if not watched or any(alarm["AlarmName"].get("Ref") not in alarms for alarm in watched):
                found.append(f"{name} would keep a release that fails")
    return found


ALL = (the_fleet_sleeps_and_wakes, as_many_are_sent_as_are_made, the_container_is_alone_and_pinned, a_bad_container_goes_back)


def _wakes(alarm: dict, policies: dict) -> bool:
    """One refused call in one minute is enough; two would leave a lone message waiting for ever."""
    steps = [_steps(policies, action) for action in alarm.get("AlarmActions", [])]
    return (
        alarm.get("MetricName") == "NoCapacityInvocationFailures" and alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        and (alarm["Threshold"], alarm["EvaluationPeriods"], alarm["Period"], alarm["Statistic"]) == (1, 1, 60, "Sum")
        and any(step == ("ChangeInCapacity", 1) for step in steps)
    )


def _sends_to_sleep(alarm: dict, policies: dict) -> bool:
    names = {part["MetricStat"]["Metric"]["MetricName"] for part in alarm.get("Metrics", []) if "MetricStat" in part}
    steps = [_steps(policies, action) for action in alarm.get("AlarmActions", [])]
    return (
        names == {"InvocationsPerCopy", "NoCapacityInvocationFailures"} and alarm["TreatMissingData"] == "breaching"
        and alarm["EvaluationPeriods"] == {"Ref": "IdleMinutes"} and any(step == ("ExactCapacity", 0) for step in steps)
    )


def _steps(policies: dict, action) -> tuple | None:
    policy = policies.get(action.get("Ref")) if isinstance(action, dict) else None
    if policy is None or policy["PolicyType"] != "StepScaling":
        return None
    steps = policy["StepScalingPolicyConfiguration"]
    return steps["AdjustmentType"], steps["StepAdjustments"][0]["ScalingAdjustment"]
