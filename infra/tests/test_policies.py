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


ROLE = "access/DispatchRole/Properties/Policies/0/PolicyDocument/Statement/1"
MUTANTS = [
    (policies.messages_outlive_the_function, _set("data/Queue/Properties/VisibilityTimeout", 600)),
    (policies.messages_outlive_the_function, _set("app/DispatchSource/Properties/FunctionResponseTypes", [])),
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
    (policies.routes_are_the_contracts, _drop("app", "FileRoute")),
    (policies.every_route_may_invoke_its_function, _drop("app", "GenerationsPermission")),
]


@pytest.mark.parametrize(("rule", "mutate"), MUTANTS, ids=lambda part: getattr(part, "__name__", "mutant"))
def test_a_broken_template_is_noticed_by(rule, mutate):
    mutant = copy.deepcopy(READ)
    mutate(mutant)
    assert rule(mutant) != []
