"""Our own rules, which no linter knows. Each returns the sentences of what breaks it; none means it holds."""

import json
import re

from templates import INFRA, as_list, function_of, of_type, queue_of, rights, statements, text

# Whoever may call without a session. A new name here is a decision, not an accident.
PUBLIC_ROUTES = {"GET /api/auth/login", "GET /api/auth/callback", "POST /api/auth/logout", "POST /api/stripe/webhook", "GET /api/billing/products",
                 "GET /api/shares/{secret}", "GET /api/shares/{secret}/page", "GET /api/shares/{secret}/files/{file}"}
# What streams, which an HTTP API cannot: the function's own URL answers it.
STREAMED = {"GET /api/generations/{id}/events": "StreamFunction"}
# Messages that one call takes: a model fills a call, deliveries to webhooks are tried at the same time.
AT_ONCE = {"DispatchFunction": 1, "WebhooksFunction": 10}
# Actions for which AWS knows no resource.
NO_RESOURCE = (["ecr:GetAuthorizationToken"], ["cloudwatch:PutMetricData"], ["xray:PutTraceSegments", "xray:PutTelemetryRecords"])
OPENAPI = INFRA.parent / "shared" / "api" / "openapi.json"
PROMISE = INFRA.parent / "shared" / "api" / "promise.json"
BILLING_CLOCK = INFRA.parent / "events" / "clocks" / "billing.json"


def messages_outlive_the_function(templates) -> list[str]:
    """A message must stay invisible for six times as long as its function may run."""
    timeouts = {name: function["Timeout"] for name, function in of_type(templates, "AWS::Lambda::Function").items()}
    sources = of_type(templates, "AWS::Lambda::EventSourceMapping").values()
    queues = of_type(templates, "AWS::SQS::Queue")
    found = []
    for source in sources:
        consumer, queue = source["FunctionName"]["Ref"], queues[queue_of(templates, source["EventSourceArn"])]
        needed = 6 * timeouts[consumer]
        if queue["VisibilityTimeout"] < needed:
            found.append(f"the queue hides a message for {queue['VisibilityTimeout']} s, {consumer} needs {needed} s")
        if source.get("FunctionResponseTypes") != ["ReportBatchItemFailures"] or source.get("BatchSize") != AT_ONCE[consumer]:
            found.append(f"{consumer} must take {AT_ONCE[consumer]} messages at once and report its failures")
    return found


def every_function_has_its_own_role(templates) -> list[str]:
    """No shared roles, no managed policies, nothing that is not spelled out."""
    found, used = [], []
    for name, function in of_type(templates, "AWS::Lambda::Function").items():
        used.append(json.dumps(function["Role"], sort_keys=True))
        wanted = f"{re.sub(r'(?<!^)(?=[A-Z])', '-', name.removesuffix('Function')).lower()}-role"
        own = {"Fn::GetAtt": [name.replace("Function", "Role"), "Arn"]}
        if wanted not in used[-1] and function["Role"] != own:
            found.append(f"{name} does not run under {wanted}")
    if len(set(used)) != len(used):
        found.append("two functions share a role")
    for name, role in of_type(templates, "AWS::IAM::Role").items():
        if role.get("ManagedPolicyArns"):
            found.append(f"{name} has a managed policy")
        for statement in statements(role):
            for action in as_list(statement["Action"]):
                if "*" in action or ":" not in action:
                    found.append(f"{name} may do {action}")
            for resource in as_list(statement["Resource"]):
                if _too_wide(text(resource)) and as_list(statement["Action"]) not in NO_RESOURCE:
                    found.append(f"{name} may touch {text(resource)}")
    return found


def nothing_is_granted_twice(templates) -> list[str]:
    """Two statements for one right: whoever takes one away believes that it is gone."""
    found = []
    for name, role in of_type(templates, "AWS::IAM::Role").items():
        seen = set()
        for statement in statements(role):
            granted = {(action, json.dumps(resource, sort_keys=True)) for action in as_list(statement["Action"]) for resource in as_list(statement["Resource"])}
            found += [f"{name} may {action} twice" for action, _ in sorted(granted & seen)]
            seen |= granted
    return found


def what_is_traced_may_say_so(templates) -> list[str]:
    """Lambda refuses to create a function that is traced and may not send its segments."""
    roles = of_type(templates, "AWS::IAM::Role")
    return [
        f"{name} is traced and may not say so"
        for name, function in of_type(templates, "AWS::Lambda::Function").items()
        if function.get("TracingConfig") == {"Mode": "Active"}
        and ["xray:PutTraceSegments", "xray:PutTelemetryRecords"] not in [statement["Action"] for statement in statements(roles[name.replace("Function", "Role")])]
    ]


def every_function_is_logged_and_bounded(templates) -> list[str]:
    """A log group with an end, a time limit, the one runtime or an image."""
    groups = {text(group["LogGroupName"]): group for group in of_type(templates, "AWS::Logs::LogGroup").values()}
    found = []
    for name, function in of_type(templates, "AWS::Lambda::Function").items():
        group = groups.get(f"/aws/lambda/{text(function['FunctionName'])}")
        if group is None or "RetentionInDays" not in group:
            found.append(f"{name} has no log group with a retention")
        if function.get("TracingConfig") != {"Mode": "Active"}:
            found.append(f"{name} is not traced")
        runs = "provided.al2023" if function.get("PackageType") != "Image" else None
        if function.get("Runtime") != runs or function["Timeout"] > (900 if name in STREAMED.values() else 120):
            found.append(f"{name} has another runtime or may run too long")
        if any("secret" in str(value).lower() and "arn" not in key.lower() for key, value in _environment(function)):
            found.append(f"{name} has a secret in its environment")
    return found


def every_queue_ends_in_a_dead_letter_queue_and_speaks_tls(templates) -> list[str]:
    """Also the dead letter queue itself has a TLS-only policy."""
    queues = of_type(templates, "AWS::SQS::Queue")
    dead = {queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for queue in queues.values() if "RedrivePolicy" in queue}
    tls = {
        queue["Ref"]
        for policy in of_type(templates, "AWS::SQS::QueuePolicy").values() if _denies_plain_http(policy)
        for queue in policy["Queues"]
    }
    found = [f"{name} has no dead letter queue" for name, queue in queues.items() if "RedrivePolicy" not in queue and name not in dead]
    found += [f"{name} has no TLS-only policy" for name in queues if name not in tls]
    found += [f"{name} is not encrypted" for name, queue in queues.items() if not queue.get("SqsManagedSseEnabled")]
    found += [f"{name} forgets too soon" for name in dead if queues[name]["MessageRetentionPeriod"] < 1_209_600]
    return found


def every_bucket_is_private(templates) -> list[str]:
    """Blocked four times, owned, encrypted, versioned, TLS only, and it forgets old versions."""
    found = []
    tls = {
        policy["Bucket"]["Ref"] for policy in of_type(templates, "AWS::S3::BucketPolicy").values() if _denies_plain_http(policy)
    }
    for name, bucket in of_type(templates, "AWS::S3::Bucket").items():
        block = bucket.get("PublicAccessBlockConfiguration", {})
        if [block.get(key) for key in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")] != [True] * 4:
            found.append(f"{name} does not block public access four times")
        if bucket.get("VersioningConfiguration", {}).get("Status") != "Enabled" or "BucketEncryption" not in bucket:
            found.append(f"{name} is not versioned and encrypted")
        if bucket.get("OwnershipControls", {}).get("Rules") != [{"ObjectOwnership": "BucketOwnerEnforced"}]:
            found.append(f"{name} accepts other owners")
        rules = bucket.get("LifecycleConfiguration", {}).get("Rules", [])
        if not any("AbortIncompleteMultipartUpload" in rule for rule in rules) or not any("NoncurrentVersionExpiration" in rule for rule in rules):
            found.append(f"{name} keeps abandoned parts or old versions")
        if name not in tls:
            found.append(f"{name} has no TLS-only policy")
        for rule in bucket.get("CorsConfiguration", {}).get("CorsRules", []):
            if rule["AllowedOrigins"] != [{"Ref": "SiteOrigin"}]:
                found.append(f"{name} answers to another origin than the site")
    return found


def what_must_not_be_lost_is_kept(templates) -> list[str]:
    """Point-in-time recovery, expiry, protection in prod, and no deletion with the stack."""
    found = []
    for name, table in of_type(templates, "AWS::DynamoDB::Table").items():
        if not table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            found.append(f"{name} has no point-in-time recovery")
        if table.get("TimeToLiveSpecification") != {"AttributeName": "ttl", "Enabled": True}:
            found.append(f"{name} never forgets what has expired")
        if table.get("DeletionProtectionEnabled") != {"Fn::If": ["IsProd", True, False]}:
            found.append(f"{name} is not protected from deletion in prod")
    for template in templates.values():
        for name, resource in template["Resources"].items():
            if resource["Type"] in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret"):
                if (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
                    found.append(f"{name} would go with its stack")
    return found


def routes_are_the_contracts(templates) -> list[str]:
    """The template, the OpenAPI document and the list of public routes say the same."""
    routes = {route["RouteKey"] for route in of_type(templates, "AWS::ApiGatewayV2::Route").values()}
    operations = {
        f"{method.upper()} {path}": operation
        for path, item in json.loads(OPENAPI.read_text())["paths"].items()
        for method, operation in item.items() if method in ("get", "post", "put", "patch", "delete")
    }
    open_to_all = {key for key, operation in operations.items() if operation.get("security") == []}
    found = [f"{key} is in one of template and OpenAPI only" for key in sorted((routes | set(STREAMED)) ^ set(operations))]
    found += [f"{key} is public in one place only" for key in sorted(open_to_all ^ PUBLIC_ROUTES)]
    return found


def every_route_may_invoke_its_function(templates) -> list[str]:
    """A permission whose path covers the route, for this API only."""
    permissions = of_type(templates, "AWS::Lambda::Permission").values()
    allowed = [
        (function_of(templates, permission["FunctionName"]), text(permission["SourceArn"]).split("/*/*/", 1)[1])
        for permission in permissions if permission["Principal"] == "apigateway.amazonaws.com"
    ]
    integrations = {
        name: function_of(templates, integration["IntegrationUri"])
        for name, integration in of_type(templates, "AWS::ApiGatewayV2::Integration").items()
    }
    found, used = [], set()
    for name, route in of_type(templates, "AWS::ApiGatewayV2::Route").items():
        function = integrations[text(route["Target"]).removeprefix("integrations/${").removesuffix("}")]
        path = route["RouteKey"].split(" /", 1)[1]
        covering = [(to, pattern) for to, pattern in allowed if to == function and _covers(pattern, path)]
        used.update(covering)
        if not covering:
            found.append(f"{name} may not invoke {function}: no permission covers {path!r}")
    found += [f"{function} may be invoked at {pattern!r}, where no route is" for function, pattern in allowed if (function, pattern) not in used]
    return found


def what_streams_is_called_by_the_cdn_alone(templates) -> list[str]:
    """A URL that streams and asks for a signature, both permissions for this account's distributions, and a share of its own."""
    urls = {function_of(templates, url["TargetFunctionArn"]): url for url in of_type(templates, "AWS::Lambda::Url").values()}
    found = [f"{name} is in one of template and list only" for name in sorted(set(urls) ^ set(STREAMED.values()))]
    for name, url in urls.items():
        if (url["AuthType"], url.get("InvokeMode")) != ("AWS_IAM", "RESPONSE_STREAM"):
            found.append(f"{name} has a URL that anybody may call, or that does not stream")
        allowed = {
            permission["Action"]: (permission["Principal"], text(permission["SourceArn"]), permission.get("FunctionUrlAuthType"), permission.get("InvokedViaFunctionUrl"))
            for permission in of_type(templates, "AWS::Lambda::Permission").values() if function_of(templates, permission["FunctionName"]) == name
        }
        distributions = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*"
        cdn = ("cloudfront.amazonaws.com", distributions)
        if allowed != {"lambda:InvokeFunctionUrl": (*cdn, "AWS_IAM", None), "lambda:InvokeFunction": (*cdn, None, True)}:
            found.append(f"{name} may be called by others than the CDN, or not by it")
        if "ReservedConcurrentExecutions" not in of_type(templates, "AWS::Lambda::Function")[name]:
            found.append(f"{name} could take every other function's share")
    return found


def every_clock_may_invoke_its_function(templates) -> list[str]:
    """A permission for exactly that rule."""
    allowed = {
        (function_of(templates, permission["FunctionName"]), permission["SourceArn"]["Fn::GetAtt"][0])
        for permission in of_type(templates, "AWS::Lambda::Permission").values() if permission["Principal"] == "events.amazonaws.com"
    }
    clocks = {
        (function_of(templates, target["Arn"]), name)
        for name, rule in of_type(templates, "AWS::Events::Rule").items() for target in rule["Targets"]
    }
    return [f"{function} and {clock} are connected on one side only" for function, clock in sorted(allowed ^ clocks)]


def billings_clock_sends_what_no_visitor_can(templates) -> list[str]:
    """The committed event, whose route key is no route and cannot become one."""
    (target,) = of_type(templates, "AWS::Events::Rule")["BillingClock"]["Targets"]
    sent, committed = json.loads(target["Input"]), json.loads(BILLING_CLOCK.read_text())
    found = [] if sent == committed else [f"the template's event is not {BILLING_CLOCK.name}"]
    method = sent["routeKey"].split(" ")[0]
    if method in ("ANY", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "$default") or sent["requestContext"]["routeKey"] != sent["routeKey"]:
        found.append(f"a route could have the key {sent['routeKey']!r}")
    return found


def no_route_leads_to_background_work(templates) -> list[str]:
    """Functions whose role stands in access-work answer no HTTP, and only privacy deletes all of a person."""
    found = []
    for name in templates["access-work"]["Resources"]:
        function = name.replace("Role", "Function")
        doors = [
            door for door, integration in of_type(templates, "AWS::ApiGatewayV2::Integration").items()
            if name.endswith("Role") and function_of(templates, integration["IntegrationUri"]) == function
        ]
        found += [f"{door} leads to {function}" for door in doors]
    for name, role in of_type(templates, "AWS::IAM::Role").items():
        if name != "PrivacyRole" and {"photos", "models", "exports"} <= _erasable(role):
            found.append(f"{name} may delete everything of a person")
    return found


def mails_go_from_one_domain(templates) -> list[str]:
    """One role, one action, the stage's own identity, and only where mails are wanted."""
    found = [
        f"{name} may {', '.join(actions)} as {text(resource)}" for name, actions, resource in rights(templates, "ses")
        if (name, actions, text(resource).split(":")[-1]) != ("UpkeepRole", ["ses:SendEmail"], "identity/${MailDomain}")
    ]
    for template, parameter in (("access-work", "MailDomain"), ("app-work", "MailFrom")):
        if templates[template]["Parameters"][parameter]["Default"] != "":
            found.append(f"mails are sent without anybody saying {parameter}")
    return found


def what_is_kept_is_what_is_promised(templates) -> list[str]:
    """The days of the templates are those that the privacy policy shows."""
    promise = json.loads(PROMISE.read_text())
    found = []
    (table,) = of_type(templates, "AWS::DynamoDB::Table").values()
    if table["PointInTimeRecoverySpecification"].get("RecoveryPeriodInDays") != promise["backup_days"]:
        found.append("the table's backups reach back another time than promised")
    for name, template in templates.items():
        days = template["Parameters"].get("LogDays")
        if days and (days["Default"] != promise["log_days"] or max(days["AllowedValues"]) > promise["log_days"]):
            found.append(f"{name} may keep logs longer than promised")
    for name, bucket in of_type(templates, "AWS::S3::Bucket").items():
        rules = bucket["LifecycleConfiguration"]["Rules"]
        whole = [rule["NoncurrentVersionExpiration"]["NoncurrentDays"] for rule in rules if "NoncurrentVersionExpiration" in rule and "Prefix" not in rule]
        if whole != [promise["old_version_days"]]:
            found.append(f"{name} keeps old versions for {whole} days")
    ends = [
        (rule.get("ExpirationInDays"), rule.get("NoncurrentVersionExpiration"))
        for rule in of_type(templates, "AWS::S3::Bucket")["ModelsBucket"]["LifecycleConfiguration"]["Rules"] if rule.get("Prefix") == "exports/"
    ]
    if ends != [(promise["export_days"], {"NoncurrentDays": 1})]:
        found.append("exports do not end when promised")
    return found


ALL = (
    messages_outlive_the_function, every_function_has_its_own_role, every_function_is_logged_and_bounded,
    every_queue_ends_in_a_dead_letter_queue_and_speaks_tls, every_bucket_is_private, what_must_not_be_lost_is_kept,
    routes_are_the_contracts, every_route_may_invoke_its_function, what_streams_is_called_by_the_cdn_alone, every_clock_may_invoke_its_function,
    billings_clock_sends_what_no_visitor_can, no_route_leads_to_background_work, mails_go_from_one_domain, what_is_kept_is_what_is_promised,
    nothing_is_granted_twice, what_is_traced_may_say_so,
)


def _erasable(role: dict) -> set[str]:
    """Which kinds of objects a role may delete."""
    return {
        kind
        for statement in statements(role) if "s3:DeleteObjectVersion" in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
        for kind, folder in (("photos", "/uploads/*"), ("models", "/models/*"), ("exports", "/exports/*")) if text(resource).endswith(folder)
    }


def _environment(function: dict) -> list[tuple[str, object]]:
    return list(function.get("Environment", {}).get("Variables", {}).items())


def _denies_plain_http(policy: dict) -> bool:
    told = [
        statement.get("Fn::If", [None, statement])[1] for statement in policy["PolicyDocument"]["Statement"]
    ]
    return any(
        statement["Effect"] == "Deny" and statement["Principal"] == "*"
        and statement.get("Condition") == {"Bool": {"aws:SecureTransport": False}}
        for statement in told
    )


def _covers(pattern: str, path: str) -> bool:
    return path == pattern or pattern.endswith("*") and path.startswith(pattern[:-1])


def _too_wide(resource: str) -> bool:
    """A star only at the end of an object prefix that names its folder, or of a log group's streams."""
    if "*" not in resource:
        return False
    return not (resource.endswith(("/uploads/*", "/models/*", "/exports/*", "/weights/*")) and resource.count("*") == 1)
