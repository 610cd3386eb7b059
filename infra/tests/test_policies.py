"""The rules hold, and each of them notices when it is broken."""

import copy

import policies
import policies_edge
import policies_forge
import policies_gpu
import policies_model
import policies_ops
import pytest
import templates

READ = templates.read(templates.NAMES + templates.ALONE)


RULES = (*policies.ALL, *policies_gpu.ALL, *policies_model.ALL, *policies_edge.ALL, *policies_ops.ALL, *policies_forge.ALL)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_templates_keep(rule):
    assert rule(READ) == []


def _set(path: str, value):
    """A mutant: one property of one resource changed, or removed with `None`."""
    def change(mutant):
        template, resource, *keys = path.split("/")
        place = mutant[template]["Resources"][resource]
        for key in keys[:-1]:
            place = place[int(key) if isinstance(place, list) else key]
        last = int(keys[-1]) if isinstance(place, list) else keys[-1]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return change


def _statements(mutant, template: str, role: str) -> list[dict]:
    return mutant[template]["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]


def _drop(template: str, resource: str):
    return lambda mutant: mutant[template]["Resources"].pop(resource)


ROLE = "access-work/DispatchRole/Properties/Policies/0/PolicyDocument/Statement/2"
MAIL = "access-work/UpkeepRole/Properties/Policies/0/PolicyDocument/Statement/8/Fn::If/1"
AUTH = {"Fn::ImportValue": {"Fn::Sub": "imageto3d-${Stage}-auth-function"}}
EVERYTHING = ["arn:aws:s3:::photos/uploads/*", "arn:aws:s3:::models/models/*", "arn:aws:s3:::models/exports/*"]
CLOCK = policies.BILLING_CLOCK.read_text()
MUTANTS = [
    (policies.messages_outlive_the_function, _set("queues/Queue/Properties/VisibilityTimeout", 600)),
    (policies.messages_outlive_the_function, _set("queues/WebhooksQueue/Properties/VisibilityTimeout", 179)),
    (policies.messages_outlive_the_function, _set("app-work/WebhooksSource/Properties/BatchSize", 1)),
    (policies.messages_outlive_the_function, _set("app-work/DispatchSource/Properties/FunctionResponseTypes", [])),
    (policies.every_function_has_its_own_role, _set(f"{ROLE}/Action", ["dynamodb:*"])),
    (policies.every_function_has_its_own_role, _set(f"{ROLE}/Resource", "*")),
    (policies.every_function_has_its_own_role, _set("access/AuthRole/Properties/ManagedPolicyArns", ["arn:x"])),
    (policies.every_function_has_its_own_role, _set("app/AuthFunction/Properties/Role", {"Fn::ImportValue": "x-account-role"})),
    (policies.every_function_is_logged_and_bounded, _drop("access", "UploadsLogs")),
    (policies.every_queue_ends_in_a_dead_letter_queue_and_speaks_tls, _set("queues/Queue/Properties/RedrivePolicy", None)),
    (policies.every_queue_ends_in_a_dead_letter_queue_and_speaks_tls, _drop("queues", "DeadLetterQueueTlsPolicy")),
    (policies.every_bucket_is_private, _set("data/ModelsBucket/Properties/PublicAccessBlockConfiguration/BlockPublicAcls", False)),
    (policies.every_bucket_is_private, _set("data/UploadsBucketPolicy/Properties/PolicyDocument/Statement/1", None)),
    (policies.every_bucket_is_private, _set("data/ModelsBucket/Properties/CorsConfiguration/CorsRules/0/AllowedOrigins", ["*"])),
    (policies.what_must_not_be_lost_is_kept, _set("data/Table/Properties/DeletionProtectionEnabled", False)),
    (policies.what_must_not_be_lost_is_kept, _set("data/UploadsBucket/DeletionPolicy", "Delete")),
    (policies.routes_are_the_contracts, _drop("api", "FileRoute")),
    (policies.every_route_may_invoke_its_function, _drop("api", "GenerationsPermission")),
    (policies.every_route_may_invoke_its_function, _drop("api", "AccountBelowPermission")),
    (policies.every_route_may_invoke_its_function, _set("api/UploadsPermission/Properties/FunctionName", AUTH)),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("stream/StreamUrl/Properties/AuthType", "NONE")),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("stream/StreamUrl/Properties/InvokeMode", None)),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("stream/StreamUrl/Properties/TargetFunctionArn", {"Ref": "AuthFunction"})),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("stream/StreamPermission/Properties/Principal", "*")),
    (policies.what_streams_is_called_by_the_cdn_alone, _drop("stream", "StreamUrlPermission")),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("stream/StreamFunction/Properties/ReservedConcurrentExecutions", None)),
    (policies.every_function_is_logged_and_bounded, _set("app/AuthFunction/Properties/Timeout", 900)),
    (policies.every_clock_may_invoke_its_function, _drop("app-work", "PrivacyPermission")),
    (policies.every_clock_may_invoke_its_function, _set("app/BillingClockPermission/Properties/FunctionName", {"Ref": "AuthFunction"})),
    (policies.billings_clock_sends_what_no_visitor_can, _set("app/BillingClock/Properties/Targets/0/Input", CLOCK.replace("stripe", "other"))),
    (policies.billings_clock_sends_what_no_visitor_can, _set("app/BillingClock/Properties/Targets/0/Input", CLOCK.replace("CLOCK", "POST"))),
    (policies.no_route_leads_to_background_work, _set("api/AuthIntegration/Properties/IntegrationUri", {"Fn::GetAtt": ["PrivacyFunction", "Arn"]})),
    (policies.no_route_leads_to_background_work, _set("access/GenerationsRole/Properties/Policies/0/PolicyDocument/Statement/8/Resource", EVERYTHING)),
    (policies.mails_go_from_one_domain, _set(f"{MAIL}/Resource", {"Fn::Sub": "arn:aws:ses:x:y:identity/elsewhere.example"})),
    (policies.mails_go_from_one_domain, _set(f"{MAIL}/Action", ["ses:SendEmail", "ses:SendRawEmail"])),
    (policies.mails_go_from_one_domain, lambda mutant: mutant["app-work"]["Parameters"]["MailFrom"].update(Default="A <a@b.example>")),
    (policies.what_is_kept_is_what_is_promised, _set("data/Table/Properties/PointInTimeRecoverySpecification/RecoveryPeriodInDays", 30)),
    (policies.what_is_kept_is_what_is_promised, _set("data/UploadsBucket/Properties/LifecycleConfiguration/Rules/1/NoncurrentVersionExpiration/NoncurrentDays", 90)),
    (policies.what_is_kept_is_what_is_promised, _set("data/ModelsBucket/Properties/LifecycleConfiguration/Rules/2/ExpirationInDays", 8)),
    (policies.what_is_kept_is_what_is_promised, _set("data/ModelsBucket/Properties/LifecycleConfiguration/Rules/2/NoncurrentVersionExpiration", None)),
    (policies.what_is_kept_is_what_is_promised, lambda mutant: mutant["access-work"]["Parameters"]["LogDays"].update(AllowedValues=[30, 90])),
]


SITE = "edge/Distribution/Properties/DistributionConfig"
WAF = "firewall/Firewall/Properties/Rules"
VARIANT = "gpu/EndpointConfig/Properties/ProductionVariants/0"
HEADERS = "edge/Headers/Properties/ResponseHeadersPolicyConfig/SecurityHeadersConfig"
LOOSE = {"Fn::Sub": ["default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'self' 'unsafe-inline'", {}]}
MUTANTS += [
    (policies_edge.the_firewall_is_there_and_lets_payments_and_photos_pass, _set(f"{WAF}/5/Statement/ManagedRuleGroupStatement/RuleActionOverrides/1", None)),
    (policies_edge.the_firewall_is_there_and_lets_payments_and_photos_pass, _set(f"{WAF}/4/Statement/ManagedRuleGroupStatement/ScopeDownStatement/NotStatement/Statement/OrStatement/Statements/1", None)),
    (policies_edge.the_firewall_is_there_and_lets_payments_and_photos_pass, _set(f"{WAF}/0/Statement/RateBasedStatement/ScopeDownStatement/ByteMatchStatement/TextTransformations/0", None)),
    (policies.nothing_is_granted_twice, lambda mutant: _statements(mutant, "access-work", "DispatchRole").append(_statements(mutant, "access-work", "DispatchRole")[2])),
    (policies.what_is_traced_may_say_so, _set("access-work/WebhooksRole/Properties/Policies/0/PolicyDocument/Statement/1", None)),
    (policies_ops.every_function_is_watched, _set("ops/BackgroundFailsAlarm/Properties/Metrics/3", None)),
    (policies_ops.what_is_left_is_heard_of, _drop("ops", "WorkLeftAlarm")),
    (policies_ops.what_is_left_is_heard_of, _set("ops/WorkLeftAlarm/Properties/EvaluationPeriods", 1)),
    (policies_gpu.as_many_are_sent_as_are_made, _set("app-work/DispatchSource/Properties/ScalingConfig/MaximumConcurrency", 2)),
    (policies_gpu.as_many_are_sent_as_are_made, _set("gpu/Follow/Properties/TargetTrackingScalingPolicyConfiguration/TargetValue", 4)),
    (policies_gpu.as_many_are_sent_as_are_made, _set("gpu/Copies/Properties/MaxCapacity", 2)),
    (policies_gpu.as_many_are_sent_as_are_made, lambda mutant: mutant["app-work"]["Parameters"]["MaxCopies"].update(MaxValue=20)),
    (policies_gpu.the_fleet_sleeps_and_wakes, _set(f"{VARIANT}/ManagedInstanceScaling/MinInstanceCount", 1)),
    (policies_gpu.the_fleet_sleeps_and_wakes, _set("gpu/WakeAlarm/Properties/ComparisonOperator", "GreaterThanThreshold")),
    (policies_gpu.the_fleet_sleeps_and_wakes, _set("gpu/WakeAlarm/Properties/AlarmActions", [])),
    (policies_gpu.the_fleet_sleeps_and_wakes, _set("gpu/IdleAlarm/Properties/TreatMissingData", "missing")),
    (policies_gpu.the_fleet_sleeps_and_wakes, _drop("gpu", "Follow")),
    (policies_gpu.the_fleet_sleeps_and_wakes, _set("gpu/Component/Properties/RuntimeConfig/CopyCount", 0)),
    (policies_gpu.the_fleet_sleeps_and_wakes, lambda mutant: mutant["gpu"]["Parameters"]["IdleMinutes"].update(MinValue=1)),
    (policies_gpu.the_container_is_alone_and_pinned, _set("gpu/Model/Properties/EnableNetworkIsolation", False)),
    (policies_gpu.the_container_is_alone_and_pinned, _set(f"{VARIANT}/InferenceAmiVersion", None)),
    (policies_gpu.the_container_is_alone_and_pinned, lambda mutant: mutant["gpu"]["Parameters"]["Image"].update(AllowedPattern=".+")),
    (policies_gpu.a_bad_container_goes_back, _set("gpu/Component/Properties/DeploymentConfig/AutoRollbackConfiguration", None)),
    (policies_edge.pages_are_strict, _set(f"{HEADERS}/ContentSecurityPolicy/ContentSecurityPolicy", LOOSE)),
    (policies_edge.pages_are_strict, _set(f"{HEADERS}/StrictTransportSecurity", None)),
    (policies_edge.there_is_one_way_in, _set(f"{SITE}/Origins/1/OriginCustomHeaders", None)),
    (policies_edge.there_is_one_way_in, _set("app/UploadsFunction/Properties/Environment/Variables/ORIGIN_PROOFS", None)),
    (policies_edge.there_is_one_way_in, _set(f"{SITE}/Origins/0/OriginAccessControlId", None)),
    (policies_edge.there_is_one_way_in, _set("edge/SiteBucketPolicy/Properties/PolicyDocument/Statement/1/Principal", "*")),
    (policies_edge.there_is_one_way_in, _set("edge/SiteBucketPolicy/Properties/PolicyDocument/Statement/1/Condition", {})),
    (policies_edge.the_api_is_not_cached_and_not_rewritten, _set(f"{SITE}/CacheBehaviors/1/CachePolicyId", "658327ea-f89d-4fab-a63d-7e88639e58f6")),
    (policies_edge.the_api_is_not_cached_and_not_rewritten, lambda mutant: mutant["edge"]["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"].reverse()),
    (policies_edge.the_firewall_is_there_and_lets_payments_and_photos_pass, _set(f"{SITE}/WebACLId", None)),
    (policies_edge.the_firewall_is_there_and_lets_payments_and_photos_pass, _set(f"{WAF}/5/Statement/ManagedRuleGroupStatement/ScopeDownStatement", None)),
    (policies_edge.the_firewall_is_there_and_lets_payments_and_photos_pass, _set(f"{WAF}/0/Statement/RateBasedStatement/Limit", 2000)),
    (policies_edge.the_firewall_is_there_and_lets_payments_and_photos_pass, _set(f"{WAF}/4/OverrideAction", {"Count": {}})),
    (policies_ops.alarms_can_ring, _set("ops/ClockAlarm/Properties/MetricName", "Invokations")),
    (policies_ops.alarms_can_ring, _set("ops/WebhookRejectedAlarm/Properties/MetricName", "WebhooksRejected")),
    (policies_ops.alarms_can_ring, _set("ops/WaitAlarm/Properties/AlarmActions", [])),
    (policies_ops.every_alarm_has_a_line_in_the_runbook, _set("ops/WaitAlarm/Properties/AlarmName", {"Fn::Sub": "imageto3d-${Stage}-waits"})),
    (policies_ops.every_alarm_has_a_line_in_the_runbook, _drop("ops", "WaitAlarm")),
    (policies_ops.every_queue_is_watched, _drop("ops", "DeadLettersAlarm")),
    (policies_ops.money_is_bounded, _set("ops/Budget/Properties/NotificationsWithSubscribers/0", None)),
    (policies_ops.functions_find_their_settings, _set("app-work/DispatchFunction/Properties/Environment/Variables/QUEUE_URL", None)),
    (policies_ops.functions_find_their_settings, _set("app/AuthFunction/Properties/Environment/Variables/QUEUE_URL", "x")),
    (policies.every_function_is_logged_and_bounded, _set("app/AuthFunction/Properties/TracingConfig", None)),
]


MODEL = "model-function/ModelFunction/Properties"
CALL = "access-work/DispatchRole/Properties/Policies/0/PolicyDocument/Statement/7"
TOLD = "app-work/DispatchFunction/Properties/Environment/Variables"
RELEASE = "forge/DeployRole/Properties/Policies/0/PolicyDocument/Statement"
TRUST = "forge/DeployRole/Properties/AssumeRolePolicyDocument/Statement/0"
MANY = [f"cloudfront:Get{number}" for number in range(200)]
MUTANTS += [
    (policies_gpu.as_many_are_sent_as_are_made, _set("app/GenerationsFunction/Properties/Environment/Variables/MODELS_AT_ONCE", "2")),
    (policies_gpu.as_many_are_sent_as_are_made, lambda mutant: mutant["stream"]["Parameters"]["MaxCopies"].update(Default=3)),
    (policies.every_function_is_logged_and_bounded, _drop("model-function", "ModelLogs")),
    (policies.every_function_is_logged_and_bounded, _set(f"{MODEL}/Runtime", "provided.al2023")),
    (policies.every_function_has_its_own_role, _set(f"{MODEL}/Role", {"Fn::ImportValue": {"Fn::Sub": "imageto3d-${Stage}-dispatch-role"}})),
    (policies_ops.every_function_is_watched, _drop("model-function", "ModelFailsAlarm")),
    (policies_ops.functions_find_their_settings, _set(f"{MODEL}/Environment/Variables/MODEL_FOLDER", "/opt/ml/model")),
    (policies_ops.functions_find_their_settings, _set(f"{TOLD}/CONTAINER_FUNCTION", None)),
    (policies_model.the_models_function_holds_nothing, _set("model-function/ModelRole/Properties/Policies/0/PolicyDocument/Statement/1/Action", ["xray:PutTraceSegments"])),
    (policies_model.the_models_function_holds_nothing, lambda mutant: _statements(mutant, "model-function", "ModelRole").append({"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "x"})),
    (policies_model.the_models_function_holds_nothing, _set(f"{MODEL}/Environment/Variables/TABLE_NAME", "x")),
    (policies_model.only_dispatch_calls_the_models_function, lambda mutant: mutant["model-function"]["Resources"].update(ModelPermission={"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "ModelFunction"}, "Principal": "*"}})),
    (policies_model.only_dispatch_calls_the_models_function, _set(f"{CALL}/Fn::If/1/Resource", "*")),
    (policies_model.only_dispatch_calls_the_models_function, lambda mutant: _statements(mutant, "access-work", "UpkeepRole").append(mutant["access-work"]["Resources"]["DispatchRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][7]["Fn::If"][1])),
    (policies_model.the_models_function_ends_before_dispatch, _set(f"{MODEL}/Timeout", 115)),
    (policies_model.the_models_function_ends_before_dispatch, _set("app-work/DispatchFunction/Properties/Timeout", 100)),
    (policies_model.the_models_function_ends_before_dispatch, _set(f"{MODEL}/ReservedConcurrentExecutions", 1)),
    (policies_model.the_models_image_is_pinned_and_pulled_for_it_alone, lambda mutant: mutant["model-function"]["Parameters"]["Image"].update(AllowedPattern=".+")),
    (policies_model.the_models_image_is_pinned_and_pulled_for_it_alone, _set(f"{MODEL}/Architectures", [{"Ref": "Architecture"}])),
    (policies_model.the_models_image_is_pinned_and_pulled_for_it_alone, _set("depot/Images/Properties/RepositoryPolicyText/Statement/0/Principal", "*")),
    (policies_model.the_models_image_is_pinned_and_pulled_for_it_alone, _set("depot/Images/Properties/RepositoryPolicyText", None)),
    (policies_model.one_way_to_the_container_is_on, _set(f"{TOLD}/INFERENCE_COMPONENT_NAME", {"Ref": "InferenceComponentName"})),
    (policies_model.one_way_to_the_container_is_on, _set(f"{TOLD}/CONTAINER_FUNCTION", {"Fn::Sub": "imageto3d-${Stage}-model"})),
    (policies_model.one_way_to_the_container_is_on, lambda mutant: mutant["app-work"]["Conditions"].update(OnLambda={"Fn::Equals": [{"Ref": "ContainerFunction"}, ""]})),
    (policies_model.one_way_to_the_container_is_on, lambda mutant: mutant["access-work"]["Parameters"]["EndpointName"].pop("Default")),
    (policies_model.one_way_to_the_container_is_on, lambda mutant: _statements(mutant, "access-work", "DispatchRole").append(_statements(mutant, "access-work", "DispatchRole")[7]["Fn::If"][2])),
    (policies_model.one_way_to_the_container_is_on, _set(f"{CALL}/Fn::If/0", "SendsMails")),
    (policies_forge.only_the_stages_own_workflow_deploys, _set(f"{TRUST}/Condition/StringEquals/token.actions.githubusercontent.com:sub", {"Fn::Sub": "repo:${Repository}:*"})),
    (policies_forge.only_the_stages_own_workflow_deploys, _set(f"{TRUST}/Condition/StringEquals/token.actions.githubusercontent.com:aud", None)),
    (policies_forge.only_the_stages_own_workflow_deploys, _set(f"{TRUST}/Condition", {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}})),
    (policies_forge.only_the_stages_own_workflow_deploys, lambda mutant: mutant["forge"]["Parameters"]["Repository"].update(AllowedPattern=".+/.+")),
    (policies_forge.only_the_stages_own_workflow_deploys, _set("forge/Provider/Properties/ClientIdList", ["sts.amazonaws.com", "another"])),
    (policies_forge.the_forge_does_what_a_deploy_does, _set(f"{RELEASE}/0/Action", "*")),
    (policies_forge.the_forge_does_what_a_deploy_does, _set(f"{RELEASE}/0/Resource", "*")),
    (policies_forge.the_forge_does_what_a_deploy_does, _set(f"{RELEASE}/3/Action", ["s3:PutObject"])),
    (policies_forge.the_forge_does_what_a_deploy_does, _set(f"{RELEASE}/7/Condition", None)),
    (policies_forge.the_forge_does_what_a_deploy_does, lambda mutant: mutant["forge"]["Resources"]["DeployRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][7]["NotAction"].append("iam:CreateRole")),
    (policies_forge.the_forge_cannot_raise_itself, _set(f"{RELEASE}/6/Action", ["iam:PutRolePolicy"])),
    (policies_forge.the_forge_cannot_raise_itself, _set("forge/DeployRole/Properties/RoleName", {"Fn::Sub": "imageto3d-${Stage}-forge"})),
    (policies_forge.the_forge_cannot_raise_itself, _set(f"{RELEASE}/5/Condition", {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com"]}})),
    (policies_forge.what_people_stored_is_not_the_forges, _set(f"{RELEASE}/1/Resource", {"Fn::Sub": "arn:aws:secretsmanager:x:y:secret:imageto3d/${Stage}/stripe-key-??????"})),
    (policies_forge.what_people_stored_is_not_the_forges, _set(f"{RELEASE}/3/Resource", {"Fn::Sub": "arn:aws:s3:::imageto3d-${Stage}-models-x/*"})),
    (policies_forge.what_people_stored_is_not_the_forges, _set("forge/StoreAndWorkPolicy/Properties/PolicyDocument/Statement/0/Action", ["dynamodb:GetItem"])),
    (policies_forge.the_forges_policies_fit, _set("forge/FleetAndFrontPolicy/Properties/PolicyDocument/Statement/0/Action", MANY)),
    (policies_forge.the_forges_policies_fit, _set("forge/DeployRole/Properties/ManagedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"])),
]


def test_every_rule_has_a_mutant():
    assert {rule for rule, _ in MUTANTS} >= set(RULES)


@pytest.mark.parametrize(("rule", "mutate"), MUTANTS, ids=lambda part: getattr(part, "__name__", "mutant"))
def test_a_broken_template_is_noticed_by(rule, mutate):
    mutant = copy.deepcopy(READ)
    mutate(mutant)
    assert rule(mutant) != []


def test_as_many_models_are_made_at_once_as_people_are_told():
    """Who tells people how long they wait divides by what the queue's reader takes; the simulation of the fleet takes its default."""
    environments = {name: function["Environment"]["Variables"] for name, function in templates.of_type(READ, "AWS::Lambda::Function").items()}
    told = {name for name, variables in environments.items() if variables.get("MODELS_AT_ONCE") == {"Ref": "MaxCopies"}}
    assert told == {"GenerationsFunction", "StreamFunction"}
    simulated = (templates.INFRA.parent / "tests" / "load" / "simulate.py").read_text()
    assert f"\nWORKERS = {READ['app-work']['Parameters']['MaxCopies']['Default']} " in simulated
