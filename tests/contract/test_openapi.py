"""The OpenAPI document against the running service: generated calls, good and bad; no 5xx, nothing undocumented."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "shared" / "api" / "openapi.json").read_text())
# Here a person calls: a made-up key beside the session is refused, and test_keys.py has the table of keys.
for operation in [operation for operations in DOCUMENT["paths"].values() for operation in operations.values()]:
    operation["security"] = [scheme for scheme in operation["security"] if "key" not in scheme]
EXAMPLES = [
    pytest.param(content["schema"], example, id=f"{operation['operationId']}-{place}-{number}")
    for operations in DOCUMENT["paths"].values() for operation in operations.values()
    for place, part in [("request", operation.get("requestBody", {})), *operation["responses"].items()]
    for content in part.get("content", {}).values()
    for number, example in enumerate([content["example"]] if "example" in content else [one["value"] for one in content.get("examples", {}).values()])
]
schema = schemathesis.openapi.from_dict(DOCUMENT)
NOT_HERE = [
    schemathesis.checks.ignored_auth,  # test_doors.py calls every route without and with bad sessions
    schemathesis.checks.unsupported_method,  # the gateway answers an unknown method with 404, as for any unknown route
    schemathesis.checks.positive_data_acceptance,  # JSON Schema takes 7.0 for an integer; we refuse it and name the field
    schemathesis.checks.negative_data_rejection,  # counts the cookie that we must send for it; test_bad_input.py has the table
]


@schema.parametrize()
@settings(
    max_examples=25, derandomize=True, deadline=None, database=None,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented(case, where, fuzzer):
    cookie = f"__Host-session={fuzzer.http.cookies['__Host-session']}"
    if case.path.endswith("/logout"):
        cookie = ""  # its own session would end, and with it every other call's
    case.call_and_validate(
        base_url=where["site"], headers={"Origin": where["site"], "Cookie": cookie}, allow_redirects=False,
        excluded_checks=NOT_HERE,
    )


@pytest.mark.parametrize(("wanted", "example"), EXAMPLES)
def test_every_example_is_what_its_schema_says(wanted, example):
    jsonschema_rs.validator_for({**wanted, "components": DOCUMENT["components"]}, validate_formats=True).validate(example)
