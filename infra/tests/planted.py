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
FORGE = "DeployRole/Properties/Policies/0/PolicyDocument/Statement"
TRUST = "DeployRole/Properties/AssumeRolePolicyDocument/Statement/0/Condition/StringEquals"
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
    ("a wait that is told for another number of models", "stream", put("StreamFunction/Properties/Environment/Variables/MODELS_AT_ONCE", "2")),
    ("a container's function that may read rows", "model-function", lambda template: _widen(template, "ModelRole", {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/imageto3d-${Stage}"}})),
    ("a container's function that anybody may call", "model-function", lambda template: template["Resources"].update(Door={"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Ref": "ModelFunction"}, "AuthType": "NONE"}})),
    ("a dispatch that may call every function", "access-work", put(f"{ROLE}/7/Fn::If/1/Resource", {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:imageto3d-${Stage}-*"})),
    ("a container's function that outlives its caller", "model-function", put("ModelFunction/Properties/Timeout", 118)),
    ("a container's function with an image by its tag", "model-function", lambda template: template["Parameters"]["Image"].update(AllowedPattern=".+:.+")),
    ("a container's log that never ends", "model-function", drop("ModelLogs/Properties/RetentionInDays")),
    ("executions set apart where there are ten", "model-function", put("ModelFunction/Properties/ReservedConcurrentExecutions", 5)),
    ("both ways to the container at once", "app-work", put("DispatchFunction/Properties/Environment/Variables/ENDPOINT_NAME", {"Ref": "EndpointName"})),
    ("an image that every function pulls", "depot", drop("Images/Properties/RepositoryPolicyText/Statement/0/Condition")),
    ("any branch of any repository deploys", "forge", put(f"{TRUST}/token.actions.githubusercontent.com:sub", "repo:*")),
    ("tokens that are meant for others deploy", "forge", drop(f"{TRUST}/token.actions.githubusercontent.com:aud")),
    ("a forge that may do everything", "forge", put(f"{FORGE}/0/Action", "*")),
    ("a forge that raises itself", "forge", drop(f"{FORGE}/6")),
    ("a forge that goes round CloudFormation", "forge", drop(f"{FORGE}/7")),
    ("a forge that reads photos", "forge", put(f"{FORGE}/3/Resource/0", {"Fn::Sub": "arn:${AWS::Partition}:s3:::imageto3d-${Stage}-uploads-${AWS::AccountId}-${AWS::Region}/*"})),
    ("a forge that reads Stripe's key", "forge", put(f"{FORGE}/1/Resource", {"Fn::Sub": "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:imageto3d/${Stage}/*"})),
]


def _loosen(template: dict) -> None:
    config = template["Resources"]["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]
    policy = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    policy[0] = policy[0].replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")


def _widen(template: dict, role: str, statement: dict) -> None:
    template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].append(statement)


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
