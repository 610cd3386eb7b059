"""Known defects, one each: the gate's own test. Whoever loosens a validator or a rule finds out here."""

import copy
from collections.abc import Callable

Change = Callable[[dict], object]


def _at(template: dict, path: str) -> tuple:
    place = template["Resources"]
    *keys, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    for key in keys:
        place = place[key]
    return place, last


def put(path: str, value) -> Change:
    def change(template: dict) -> None:
        place, last = _at(template, path)
        place[last] = value
    return change


def drop(path: str) -> Change:
    def change(template: dict) -> None:
        place, last = _at(template, path)
        del place[last]
    return change


ROLE = "DispatchRole/Properties/Policies/0/PolicyDocument/Statement"
SITE = "Distribution/Properties/DistributionConfig"
# What is wrong, in which template, how.
DEFECTS: list[tuple[str, str, Change]] = [
    ("a misspelt property", "queues", put("Queue/Properties/VisiblityTimeout", 720)),
    ("an unknown kind of instance", "gpu", put("EndpointConfig/Properties/ProductionVariants/0/InstancePools/0/InstanceType", "ml.g99.xlarge")),
    ("an unknown image of the machine", "gpu", put("EndpointConfig/Properties/ProductionVariants/0/InferenceAmiVersion", "al2023-newest")),
    ("an attribute that does not exist", "queues", put("DeadLetterQueueTlsPolicy/Properties/PolicyDocument/Statement/0/Resource", {"Fn::GetAtt": ["DeadLetterQueue", "ARN"]})),
    ("a reference to nothing", "app", put("AuthFunction/Properties/Environment/Variables/SITE_ORIGIN", {"Ref": "Origin"})),
    ("an unknown runtime", "app", put("AuthFunction/Properties/Runtime", "provided.al2024")),
    ("a function that may run 1000 s", "app-work", put("DispatchFunction/Properties/Timeout", 1000)),
    ("a misspelt action", "access-work", put(f"{ROLE}/2/Action", ["dynamodb:GetItems"])),
    ("every action on every table", "access-work", put(f"{ROLE}/2", {"Effect": "Allow", "Action": ["dynamodb:*"], "Resource": "*"})),
    ("everything on everything", "access-work", put(f"{ROLE}/2", {"Effect": "Allow", "Action": "*", "Resource": "*"})),
    ("a public bucket", "data", drop("UploadsBucket/Properties/PublicAccessBlockConfiguration")),
    ("no way back in time", "data", drop("Table/Properties/PointInTimeRecoverySpecification")),
    ("no protection in prod", "data", put("Table/Properties/DeletionProtectionEnabled", False)),
    ("an open queue", "queues", put("Queue/Properties/SqsManagedSseEnabled", False)),
    ("no dead letters", "queues", drop("Queue/Properties/RedrivePolicy")),
    ("a message that comes twice", "queues", put("Queue/Properties/VisibilityTimeout", 60)),
    ("plain HTTP to a bucket", "data", put("ModelsBucketPolicy/Properties/PolicyDocument/Statement", [])),
    ("plain HTTP to the site", "edge", put(f"{SITE}/DefaultCacheBehavior/ViewerProtocolPolicy", "allow-all")),
    ("no firewall", "edge", drop(f"{SITE}/WebACLId")),
    ("a secret in an environment", "app", put("AuthFunction/Properties/Environment/Variables/AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
    ("a container with a network", "gpu", put("Model/Properties/EnableNetworkIsolation", False)),
    ("a container that may list every bucket", "gpu", put("ContainerRole/Properties/Policies/0/PolicyDocument/Statement/2/Resource", "*")),
    ("an alarm that never rings", "ops", put("WaitAlarm/Properties/MetricName", "AgeOfOldestMessage")),
    ("an alarm that tells nobody", "ops", drop("WaitAlarm/Properties/AlarmActions")),
    ("a fleet that never wakes", "gpu", put("WakeAlarm/Properties/Threshold", 2)),
    ("a fleet that never sleeps", "gpu", put("EndpointConfig/Properties/ProductionVariants/0/ManagedInstanceScaling/MinInstanceCount", 1)),
    ("a page that runs anything", "edge", lambda template: _loosen(template)),
    ("an API that anybody reaches", "edge", drop(f"{SITE}/Origins/1/OriginCustomHeaders")),
    ("no log of the API", "api", drop("ApiStage/Properties/AccessLogSettings")),
    ("two functions with one role", "app", put("AuthFunction/Properties/Role", {"Fn::ImportValue": {"Fn::Sub": "imageto3d-${Stage}-account-role"}})),
    ("a function that lacks its endpoint", "app-work", drop("DispatchFunction/Properties/Environment/Variables/ENDPOINT_NAME")),
    ("a function that is traced and may not say so", "access-work", drop("WebhooksRole/Properties/Policies/0/PolicyDocument/Statement/1")),
    ("a right that is granted twice", "access", lambda template: _twice(template)),
    ("a function whose errors nobody hears of", "ops", drop("BackgroundFailsAlarm/Properties/Metrics/4")),
    ("a queue that starves the fleet", "app-work", put("DispatchSource/Properties/ScalingConfig/MaximumConcurrency", 2)),
    ("a firewall that refuses photos", "firewall", drop("Firewall/Properties/Rules/5/Statement/ManagedRuleGroupStatement/ScopeDownStatement/NotStatement/Statement/OrStatement/Statements/1")),
    ("a firewall that reads paths as they are written", "firewall", drop("Firewall/Properties/Rules/0/Statement/RateBasedStatement/ScopeDownStatement/ByteMatchStatement/TextTransformations/0")),
    ("a role that lacks its one action", "access-work", lambda template: template["Resources"]["DispatchRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].pop(7)),
]


def _loosen(template: dict) -> None:
    config = template["Resources"]["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    policy[0] = policy[0].replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")


def _twice(template: dict) -> None:
    statements = template["Resources"]["AuthRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    statements.append({**statements[2], "Sid": "RowsAgain"})


def plant(read: dict[str, dict]) -> dict[str, dict[str, dict]]:
    """All templates with one defect, by its name."""
    planted = {}
    for what, name, change in DEFECTS:
        mutant = {**read, name: copy.deepcopy(read[name])}
        change(mutant[name])
        planted[what] = mutant
    return planted
