"""The OpenAPI document against the running service: generated calls, good and bad; no 5xx, nothing undocumented."""

import json
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, settings

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "shared" / "api" / "openapi.json").read_text())
schema = schemathesis.openapi.from_dict(DOCUMENT)


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
        excluded_checks=[schemathesis.checks.ignored_auth],
    )
