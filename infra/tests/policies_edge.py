"""Rules of what a browser talks to: one way in, guarded, with the strict policy."""

import re

from templates import INFRA, function_of, of_type, text

UNCACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
WITHOUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
# Whose bodies managed rules would refuse: Stripe's events are longer than they read, and a photo is no text.
SPARED = {"/api/stripe/webhook", "/api/generations"}
READS_BODIES = {"AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"}


def content_policy(templates) -> dict[str, list[str]]:
    """The site's policy, by directive; storage's origins are variables in it."""
    (headers,) = of_type(templates, "AWS::CloudFront::ResponseHeadersPolicy").values()
    said = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"][0]
    return {directive.split()[0]: directive.split()[1:] for directive in said.split(";")}


def pages_are_strict(templates) -> list[str]:
    """Nothing inline, nothing from elsewhere, no frame; HTTPS for two years."""
    policy = content_policy(templates)
    found = [f"{name} allows {source}" for name, sources in policy.items() for source in sources if "unsafe-inline" in source or "unsafe-eval" == source.strip("'") or source in ("*", "https:", "http:")]
    for name in ("default-src", "base-uri", "frame-ancestors"):
        if policy.get(name) != ["'none'"]:
            found.append(f"{name} is not 'none'")
    (headers,) = of_type(templates, "AWS::CloudFront::ResponseHeadersPolicy").values()
    security = headers["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    if security.get("StrictTransportSecurity", {}).get("AccessControlMaxAgeSec", 0) < 63072000:
        found.append("HTTPS is not remembered for two years")
    if not {"ContentTypeOptions", "FrameOptions", "ReferrerPolicy"} <= set(security):
        found.append("a security header is missing")
    return found


def there_is_one_way_in(templates) -> list[str]:
    """CloudFront brings the secret, every HTTP function asks for its proof, and the site's bucket answers nobody else."""
    site = _distribution(templates)
    origins = {origin["Id"]: origin for origin in (_kept(origin) for origin in site["Origins"])}
    found = []
    brought = {header["HeaderName"]: text(header["HeaderValue"]) for header in origins["api"].get("OriginCustomHeaders", [])}
    if not brought.get("x-origin-verify", "").startswith("{{resolve:secretsmanager:imageto3d/${Stage}/origin:SecretString:current:"):
        found.append("CloudFront does not bring the API's secret")
    functions = of_type(templates, "AWS::Lambda::Function")
    for integration in of_type(templates, "AWS::ApiGatewayV2::Integration").values():
        name = function_of(templates, integration["IntegrationUri"])
        folder = re.sub(r"(?<!^)(?=[A-Z])", "-", name.removesuffix("Function")).lower()
        if functions[name]["Environment"]["Variables"].get("ORIGIN_PROOFS") != {"Ref": "OriginProofs"}:
            found.append(f"{name} does not know what CloudFront brings")
        if "edge::serve(" not in (INFRA.parent / "functions" / folder / "src" / "main.rs").read_text():
            found.append(f"{name} answers whoever goes round CloudFront")
    for name in ("site", "stream"):
        if "OriginAccessControlId" not in origins[name]:
            found.append(f"the origin {name} is not signed for")
    if [statement["Principal"] for statement in _allowed(templates)] != [{"Service": "cloudfront.amazonaws.com"}]:
        found.append("the site's bucket answers others")
    if any("aws:SourceArn" not in str(statement.get("Condition")) for statement in _allowed(templates)):
        found.append("the site's bucket answers every distribution")
    return found


def the_api_is_not_cached_and_not_rewritten(templates) -> list[str]:
    """Its answers are each person's own, and its 404 stays JSON."""
    site = _distribution(templates)
    behaviors = [_kept(behavior) for behavior in site["CacheBehaviors"]]
    found = []
    if [behavior["PathPattern"] for behavior in behaviors] != ["/api/generations/*/events", "/api/*"]:
        found.append("the paths are others, or in another order")
    for behavior in behaviors:
        path = behavior["PathPattern"]
        if (behavior["CachePolicyId"], behavior["OriginRequestPolicyId"]) != (UNCACHED, WITHOUT_HOST):
            found.append(f"{path} is cached, or gets less than it needs")
        if any("Page" in str(function) for function in behavior.get("FunctionAssociations", [])):
            found.append(f"{path} is rewritten to a page")
        if behavior["ViewerProtocolPolicy"] != "https-only":
            found.append(f"{path} answers without TLS")
    if site["DefaultCacheBehavior"]["ViewerProtocolPolicy"] != "redirect-to-https":
        found.append("pages are served without TLS")
    return found


def the_firewall_is_there_and_lets_payments_and_photos_pass(templates) -> list[str]:
    """Rates for sign-in, API and webhook, however a path is written; body rules everywhere but where they would refuse what is right."""
    (firewall,) = of_type(templates, "AWS::WAFv2::WebACL").values()
    found = [] if _distribution(templates).get("WebACLId") == {"Ref": "WebAclArn"} else ["the firewall is not in front of anything"]
    rates = {rule["Name"]: rule["Statement"]["RateBasedStatement"]["Limit"] for rule in firewall["Rules"] if "RateBasedStatement" in rule["Statement"]}
    if rates != {"sign-in-rate": 20, "webhook-rate": 3000, "api-rate": 300}:
        found.append(f"the rates are {rates}")
    managed = {}
    for rule in firewall["Rules"]:
        if "ManagedRuleGroupStatement" in rule["Statement"]:
            group = rule["Statement"]["ManagedRuleGroupStatement"]
            managed[group["Name"]] = group
            if rule.get("OverrideAction") != {"None": {}}:
                found.append(f"{group['Name']} only counts")
    if not {*READS_BODIES, "AWSManagedRulesAmazonIpReputationList"} <= set(managed):
        found.append("a managed rule set is missing")
    for name in READS_BODIES & set(managed):
        inner = managed[name].get("ScopeDownStatement", {}).get("NotStatement", {}).get("Statement", {}).get("OrStatement", {}).get("Statements", [])
        spared = {(each["ByteMatchStatement"]["SearchString"], each["ByteMatchStatement"]["PositionalConstraint"]) for each in inner}
        if spared != {(path, "EXACTLY") for path in SPARED}:
            found.append(f"{name} drops payments or photos, or spares more than them")
    counted = {rule["Name"] for rule in managed.get("AWSManagedRulesCommonRuleSet", {}).get("RuleActionOverrides", [])}
    if counted != {"GenericRFI_QUERYARGUMENTS", "SizeRestrictions_BODY"}:
        found.append(f"of the common rules {sorted(counted)} only count")
    for rule in firewall["Rules"]:
        for match in _matches(rule):
            if match["PositionalConstraint"] == "STARTS_WITH" and [each["Type"] for each in match["TextTransformations"]] != ["URL_DECODE", "NORMALIZE_PATH"]:
                found.append(f"{rule['Name']} is gone round by writing the path in another way")
    return found


ALL = (pages_are_strict, there_is_one_way_in, the_api_is_not_cached_and_not_rewritten, the_firewall_is_there_and_lets_payments_and_photos_pass)


def _matches(node) -> list[dict]:
    """Every comparison with a text, however deep."""
    if isinstance(node, list):
        return [match for each in node for match in _matches(each)]
    if not isinstance(node, dict):
        return []
    return [node["ByteMatchStatement"]] if "ByteMatchStatement" in node else _matches(list(node.values()))


def _distribution(templates) -> dict:
    (distribution,) = of_type(templates, "AWS::CloudFront::Distribution").values()
    return distribution["DistributionConfig"]


def _kept(value: dict) -> dict:
    return value["Fn::If"][1] if "Fn::If" in value else value


def _allowed(templates) -> list[dict]:
    policy = of_type(templates, "AWS::S3::BucketPolicy")["SiteBucketPolicy"]
    return [statement for statement in policy["PolicyDocument"]["Statement"] if statement["Effect"] == "Allow"]
