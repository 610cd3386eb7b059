"""The rules hold, and each of them notices when it is broken."""

import copy

import policies
import pytest
import templates

READ = templates.read()


@pytest.mark.parametrize("rule", policies.ALL, ids=lambda rule: rule.__name__)
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


def _drop(template: str, resource: str):
    return lambda mutant: mutant[template]["Resources"].pop(resource)


ROLE = "access-work/DispatchRole/Properties/Policies/0/PolicyDocument/Statement/1"
MAIL = "access-work/UpkeepRole/Properties/Policies/0/PolicyDocument/Statement/7/Fn::If/1"
AUTH = {"Fn::ImportValue": {"Fn::Sub": "imageto3d-${Stage}-auth-function"}}
EVERYTHING = ["arn:aws:s3:::photos/uploads/*", "arn:aws:s3:::models/models/*", "arn:aws:s3:::models/exports/*"]
CLOCK = policies.BILLING_CLOCK.read_text()
MUTANTS = [
    (policies.messages_outlive_the_function, _set("data/Queue/Properties/VisibilityTimeout", 600)),
    (policies.messages_outlive_the_function, _set("app/DispatchSource/Properties/FunctionResponseTypes", [])),
    (policies.messages_outlive_the_function, _set("data/WebhooksQueue/Properties/VisibilityTimeout", 179)),
    (policies.messages_outlive_the_function, _set("app/WebhooksSource/Properties/BatchSize", 1)),
    (policies.every_function_has_its_own_role, _set(f"{ROLE}/Action", ["dynamodb:*"])),
    (policies.every_function_has_its_own_role, _set(f"{ROLE}/Resource", "*")),
    (policies.every_function_has_its_own_role, _set("access/AuthRole/Properties/ManagedPolicyArns", ["arn:x"])),
    (policies.every_function_has_its_own_role, _set("app/AuthFunction/Properties/Role", {"Fn::ImportValue": "x-account-role"})),
    (policies.every_function_is_logged_and_bounded, _drop("access", "UploadsLogs")),
    (policies.every_queue_ends_in_a_dead_letter_queue_and_speaks_tls, _set("data/Queue/Properties/RedrivePolicy", None)),
    (policies.every_queue_ends_in_a_dead_letter_queue_and_speaks_tls, _drop("data", "DeadLetterQueueTlsPolicy")),
    (policies.every_bucket_is_private, _set("data/ModelsBucket/Properties/PublicAccessBlockConfiguration/BlockPublicAcls", False)),
    (policies.every_bucket_is_private, _set("data/UploadsBucketPolicy/Properties/PolicyDocument/Statement/1", None)),
    (policies.every_bucket_is_private, _set("data/ModelsBucket/Properties/CorsConfiguration/CorsRules/0/AllowedOrigins", ["*"])),
    (policies.what_must_not_be_lost_is_kept, _set("data/Table/Properties/DeletionProtectionEnabled", False)),
    (policies.what_must_not_be_lost_is_kept, _set("data/UploadsBucket/DeletionPolicy", "Delete")),
    (policies.routes_are_the_contracts, _drop("api", "FileRoute")),
    (policies.every_route_may_invoke_its_function, _drop("api", "GenerationsPermission")),
    (policies.every_route_may_invoke_its_function, _drop("api", "AccountBelowPermission")),
    (policies.every_route_may_invoke_its_function, _set("api/UploadsPermission/Properties/FunctionName", AUTH)),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("app/StreamUrl/Properties/AuthType", "NONE")),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("app/StreamUrl/Properties/InvokeMode", None)),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("app/StreamUrl/Properties/TargetFunctionArn", {"Ref": "AuthFunction"})),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("app/StreamPermission/Properties/Principal", "*")),
    (policies.what_streams_is_called_by_the_cdn_alone, _drop("app", "StreamUrlPermission")),
    (policies.what_streams_is_called_by_the_cdn_alone, _set("app/StreamFunction/Properties/ReservedConcurrentExecutions", None)),
    (policies.every_function_is_logged_and_bounded, _set("app/AuthFunction/Properties/Timeout", 900)),
    (policies.every_clock_may_invoke_its_function, _drop("app", "PrivacyPermission")),
    (policies.every_clock_may_invoke_its_function, _set("app/BillingClockPermission/Properties/FunctionName", {"Ref": "AuthFunction"})),
    (policies.billings_clock_sends_what_no_visitor_can, _set("app/BillingClock/Properties/Targets/0/Input", CLOCK.replace("stripe", "other"))),
    (policies.billings_clock_sends_what_no_visitor_can, _set("app/BillingClock/Properties/Targets/0/Input", CLOCK.replace("CLOCK", "POST"))),
    (policies.no_route_leads_to_background_work, _set("api/AuthIntegration/Properties/IntegrationUri", {"Fn::GetAtt": ["PrivacyFunction", "Arn"]})),
    (policies.no_route_leads_to_background_work, _set("access/GenerationsRole/Properties/Policies/0/PolicyDocument/Statement/8/Resource", EVERYTHING)),
    (policies.mails_go_from_one_domain, _set(f"{MAIL}/Resource", {"Fn::Sub": "arn:aws:ses:x:y:identity/elsewhere.example"})),
    (policies.mails_go_from_one_domain, _set(f"{MAIL}/Action", ["ses:SendEmail", "ses:SendRawEmail"])),
    (policies.mails_go_from_one_domain, lambda mutant: mutant["app"]["Parameters"]["MailFrom"].update(Default="A <a@b.example>")),
    (policies.what_is_kept_is_what_is_promised, _set("data/Table/Properties/PointInTimeRecoverySpecification/RecoveryPeriodInDays", 30)),
    (policies.what_is_kept_is_what_is_promised, _set("data/UploadsBucket/Properties/LifecycleConfiguration/Rules/1/NoncurrentVersionExpiration/NoncurrentDays", 90)),
    (policies.what_is_kept_is_what_is_promised, _set("data/ModelsBucket/Properties/LifecycleConfiguration/Rules/2/ExpirationInDays", 8)),
    (policies.what_is_kept_is_what_is_promised, _set("data/ModelsBucket/Properties/LifecycleConfiguration/Rules/2/NoncurrentVersionExpiration", None)),
    (policies.what_is_kept_is_what_is_promised, lambda mutant: mutant["access-work"]["Parameters"]["LogDays"].update(AllowedValues=[30, 90])),
]


@pytest.mark.parametrize(("rule", "mutate"), MUTANTS, ids=lambda part: getattr(part, "__name__", "mutant"))
def test_a_broken_template_is_noticed_by(rule, mutate):
    mutant = copy.deepcopy(READ)
    mutate(mutant)
    assert rule(mutant) != []


def test_as_many_models_are_made_at_once_as_people_are_told():
    plan = (templates.INFRA.parent / "shared" / "domain" / "src" / "plan.rs").read_text()
    told = int(plan.split("pub const WORKERS: u64 = ")[1].split(";")[0])
    assert READ["app"]["Resources"]["DispatchSource"]["Properties"]["ScalingConfig"]["MaximumConcurrency"] == told
