"""The way to AWS, as far as it needs no cloud: settings, files' headers, secrets, weights, costs, and what CloudFront runs."""

import json
import random
import re
import struct
import subprocess
import sys
import zipfile

import botocore.session
import cost
import fill_secret
import pytest
import templates
import upload_weights
from boto_items import as_json, from_json
from botocore.stub import Stubber
from release import keys, plan, site, smoke
from release.plan import Trouble

READ = templates.read()


FORMS = {"dev": ["OidcClientId"], "prod": ["AlarmMail", "Image", "OidcClientId", "WeightsPrefix"]}


@pytest.mark.parametrize("stage", FORMS)
def test_what_is_only_a_form_is_not_deployed(stage):
    done = subprocess.run([sys.executable, templates.INFRA / "deploy.py", "deploy", "--stage", stage, "--built"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"error: samconfig.toml gives only the form of {', '.join(FORMS[stage])}: fill it in\n")


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_dry_run_gives_every_stack_what_it_asks_for(stage):
    told = subprocess.run([sys.executable, templates.INFRA / "deploy.py", "deploy", "--stage", stage, "--dry-run"], capture_output=True, text=True, check=True).stdout
    first, *rest = told.splitlines()
    assert first == f"to be filled in before: {', '.join(FORMS[stage])}"
    deployed = [line.split(" ")[0] for line in rest if not line.startswith(" ")]
    left_out = {"dev": {"gpu", "model-function"}, "prod": {"model-function"}}[stage]
    assert deployed == [name for name in plan.STACKS if name not in left_out]


IMAGE = f"repository@sha256:{'0' * 64}"


def _dry_run(tmp_path, without: str) -> subprocess.CompletedProcess:
    """What a stage for trying would be given, with these stacks left out."""
    file = tmp_path / "samconfig.toml"
    file.write_text(f'[dev.deploy.parameters]\nregion = "eu-central-1"\nwithout = {without}\nparameter_overrides = ["OidcClientId=x", "Image={IMAGE}", "WeightsPrefix=weights/1/"]\n')
    return subprocess.run([sys.executable, templates.INFRA / "deploy.py", "deploy", "--stage", "dev", "--settings", file, "--dry-run"], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("left_out", "endpoint", "function"), [("model-function", "imageto3d-dev", ""), ("gpu", "", "imageto3d-dev-model")])
def test_a_stage_takes_one_way_to_the_container(tmp_path, left_out, endpoint, function):
    lines = _dry_run(tmp_path, f'["{left_out}"]').stdout.splitlines()
    there = [line.split(" ")[0] for line in lines if not line.startswith(" ")]
    assert left_out not in there and there.index("access-work") < there.index(*({*plan.CONTAINERS} - {left_out})) < there.index("app-work")
    for name in ("EndpointName", "ContainerFunction"):
        told = [line for line in lines if line.startswith(f"  {name}=")]
        assert told == [f"  {name}={endpoint if name == 'EndpointName' else function}"] * 2  # access-work and app-work


def test_both_ways_at_once_are_refused(tmp_path):
    done = _dry_run(tmp_path, "[]")
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith("error: gpu and model-function are two ways to the same models")


def test_every_template_has_its_place_in_the_order():
    assert sorted(plan.STACKS) == sorted(templates.NAMES) == sorted({file.stem for file in templates.INFRA.glob("*.yaml")} - {*templates.ALONE})
    assert [name for name in plan.STACKS if name in plan.REPLACED] == list(plan.REPLACED) and set(plan.CONTAINERS) < set(plan.REPLACED)


def test_what_is_imported_was_exported_before():
    there = set()
    for name in plan.STACKS:
        wanted = {templates.text(found["Fn::ImportValue"]) for found in _all(READ[name], "Fn::ImportValue")}
        assert wanted <= there, name
        there |= {templates.text(output["Export"]["Name"]) for output in READ[name].get("Outputs", {}).values() if "Export" in output}


def _all(node, key: str):
    if isinstance(node, dict):
        if key in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _all(each, key)


def test_a_missing_setting_is_named():
    with pytest.raises(Trouble, match="OidcClientId"):
        plan.chosen("app", plan.template("app"), {key: "x" for key in plan.parameters(plan.template("app")) if key != "OidcClientId"})


def test_a_misspelt_setting_is_named(tmp_path):
    file = tmp_path / "samconfig.toml"
    file.write_text('[dev.deploy.parameters]\nregion = "eu-central-1"\nparameter_overrides = ["MonthlyBudgget=5"]\n')
    with pytest.raises(Trouble, match="MonthlyBudgget"):
        plan.settings("dev", file)


@pytest.mark.parametrize(("name", "kind", "lasts"), [
    ("assets/index-1a2b.js", "text/javascript; charset=utf-8", site.FOREVER), ("assets/decoder.wasm", "application/wasm", site.FOREVER),
    ("index.html", "text/html; charset=utf-8", site.EACH_TIME), ("sw.js", "text/javascript; charset=utf-8", site.EACH_TIME), ("robots.txt", "text/plain; charset=utf-8", site.EACH_TIME),
])
def test_files_are_kept_as_long_as_their_names_allow(name, kind, lasts):
    assert site.headers(name) == {"ContentType": kind, "CacheControl": lasts}


PAGE = (200, {"content-security-policy": "default-src 'none'"}, b"<!doctype html><html>")


@pytest.mark.parametrize(("check", "answer"), [
    (smoke.site, (200, {}, b"<html>")), (smoke.site, (403, PAGE[1], PAGE[2])), (smoke.api, (200, {}, b"{}")), (smoke.way_round, (401, {}, b"")),
])
def test_the_smoke_test_notices(check, answer):
    with pytest.raises(Trouble, match="smoke test"):
        check("https://x", lambda *_: answer)


def test_the_smoke_test_passes_what_is_well():
    smoke.site("https://x", lambda *_: PAGE)
    smoke.api("https://x", lambda *_: (401, {"content-type": "application/problem+json"}, b"{}"))
    smoke.way_round("https://x", lambda *_: (404, {}, b""))


@pytest.mark.parametrize(("uri", "becomes"), [("/", "/index.html"), ("/reference/", "/reference/index.html"), ("/models/gen_1", "/index.html"), ("/assets/a-1.js", "/assets/a-1.js"), ("/robots.txt", "/robots.txt"), ("/v1.2/about", "/index.html")])
def test_addresses_of_pages_lead_to_the_page(uri, becomes):
    assert _cloudfront("Page", {"request": {"uri": uri}})["uri"] == becomes


def test_a_visitor_cannot_say_who_they_are():
    written = {"x-viewer-address": {"value": "198.51.100.1:1"}, "x-viewer-authorization": {"value": "Bearer another"}}
    event = {"request": {"uri": "/api/me", "headers": written}, "viewer": {"ip": "2001:db8::7"}}
    assert _cloudfront("Visitor", event)["headers"] == {"x-viewer-address": {"value": "2001:db8::7:0"}}


def test_a_program_s_key_travels_beside_cloudfront_s_own_signature():
    headers = {"authorization": {"value": "Bearer i3d_test_x"}}
    event = {"request": {"uri": "/api/generations/gen_1/events", "headers": headers}, "viewer": {"ip": "192.0.2.7"}}
    sent = _cloudfront("Visitor", event)["headers"]
    assert sent == {"x-viewer-address": {"value": "192.0.2.7:0"}, "x-viewer-authorization": headers["authorization"]}
    event["request"]["uri"] = "/api/generations/gen_1"
    assert _cloudfront("Visitor", event)["headers"]["authorization"] == headers["authorization"]


def _cloudfront(name: str, event: dict) -> dict:
    code = READ["edge"]["Resources"][name]["Properties"]["FunctionCode"]
    program = f"{code}\nconsole.log(JSON.stringify(handler({json.dumps(event)})));"
    return json.loads(subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout)


def test_a_rolled_signing_secret_leaves_the_one_before():
    before = [{"id": "2026-11-01", "secret": "whsec_aaaaaaaa"}, {"id": "2026-10-01", "secret": "whsec_older000"}]
    after = fill_secret.filled("stripe-webhook", "whsec_bbbbbbbb", before, "2026-11-25")
    assert after == [{"id": "2026-11-25", "secret": "whsec_bbbbbbbb"}, before[0]]
    assert fill_secret.filled("stripe-webhook", "whsec_bbbbbbbb", after, "2026-11-26")[1:] == [before[0]]


@pytest.mark.parametrize(("name", "value"), [("stripe-key", "pk_live_12345678"), ("stripe-webhook", "sk_live_12345678"), ("oidc-client", "")])
def test_what_is_no_such_secret_is_refused(name, value):
    with pytest.raises(Trouble, match=name):
        fill_secret.filled(name, value, None, "2026-11-25")


@pytest.mark.parametrize(("code", "told"), [("ResourceNotFoundException", ["oidc-client"]), ("AccessDeniedException", [])])
def test_what_who_deploys_may_not_read_is_not_called_empty(code, told):
    manager = botocore.session.Session().create_client("secretsmanager", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    with Stubber(manager) as answers:
        answers.add_client_error("get_secret_value", code)
        for _ in range(2):
            answers.add_response("get_secret_value", {"SecretString": "{}"})
        assert keys.empty(manager, "dev") == told


def _pickle(*tensors: tuple[str, int, tuple, tuple]) -> bytes:
    """A checkpoint's index as PyTorch writes it, from what it is made of."""
    out = [b"\x80\x02}("]
    for name, offset, shape, stride in tensors:
        numbers = lambda values: b"(" + b"".join(b"K" + bytes([value]) for value in values) + b"t"  # noqa: E731
        text = lambda word: b"X" + struct.pack("<I", len(word)) + word.encode()  # noqa: E731
        storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + b"K\x06tQ"
        out.append(text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K" + bytes([offset]) + numbers(shape) + numbers(stride) + b"\x89NtR")
    return b"".join(out) + b"u."


def _checkpoint(path, index: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", index)
        archive.writestr("model/data/0", struct.pack("<6f", 1, 2, 3, 4, 5, 6))


def test_a_checkpoint_becomes_safetensors_without_being_run(tmp_path):
    _checkpoint(tmp_path / "model.ckpt", _pickle(("b", 0, (2, 2), (2, 1)), ("a", 4, (2,), (1,))))
    upload_weights.convert(tmp_path / "model.ckpt", tmp_path / "model.safetensors")
    raw = (tmp_path / "model.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + length])
    assert header == {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [2, 2], "data_offsets": [8, 24]}}
    assert struct.unpack("<6f", raw[8 + length :]) == (5, 6, 1, 2, 3, 4)


@pytest.mark.parametrize(("index", "says"), [
    (b"cos\nsystem\n(X\x04\x00\x00\x00truetR.", "os.system"), (_pickle(("a", 0, (2, 2), (1, 2))), "not in order"), (_pickle(("a", 4, (4,), (1,))), "cut off"),
], ids=["a command", "turned", "cut off"])
def test_a_checkpoint_that_does_more_is_refused(tmp_path, index, says):
    _checkpoint(tmp_path / "model.ckpt", index)
    with pytest.raises(upload_weights.Refused, match=says):
        upload_weights.convert(tmp_path / "model.ckpt", tmp_path / "model.safetensors")


def test_changed_weights_are_refused(tmp_path):
    (tmp_path / "u2netp.onnx").write_bytes(b"somebody's own")
    with pytest.raises(upload_weights.Refused, match="somebody changed it"):
        upload_weights.folder(tmp_path, with_triposr=False)


def test_a_folder_of_weights_is_named_by_all_of_it():
    assert upload_weights.prefix({"a": "1", "b": "2"}) == upload_weights.prefix({"b": "2", "a": "1"}) != upload_weights.prefix({"a": "1"})
    assert plan.parameters(plan.template("gpu"))["WeightsPrefix"]["AllowedPattern"] == "weights/[0-9a-f]{64}/"


def test_items_survive_the_way_through_json():
    item = {"a": {"B": b"\0\xff"}, "b": {"M": {"c": {"L": [{"N": "1"}, {"BS": [b"x"]}]}}}, "d": {"NULL": True}}
    assert from_json(json.loads(json.dumps(as_json(item)))) == item


def _simulated(a_day: float, fleet: cost.Fleet, days: int = 400) -> tuple[float, float]:
    """Billed hours of a day, and the seconds that an order waits for the fleet to wake, by playing days: exponential pauses, one
    instance, no more than the hours people are awake."""
    dice, total, waited, orders = random.Random(1), 0.0, 0.0, 0
    for _ in range(days):
        now, until, ready = dice.expovariate(a_day / (fleet.hours * 60)), -1.0, 0.0
        while now < fleet.hours * 60:
            ready = now + fleet.start if until < now else ready
            waited, orders = waited + max(ready - now, 0), orders + 1
            total += fleet.start if until < now else now - until  # or the rest of a tail, which this order calls off
            until = now + fleet.seconds / 60 + fleet.idle + fleet.release
            total += until - now
            now += dice.expovariate(a_day / (fleet.hours * 60))
    return total / days / 60, 60 * waited / orders


@pytest.mark.parametrize("a_day", [2, 10, 50, 200])
def test_the_formula_is_what_a_played_day_costs(a_day):
    fleet = cost.Fleet()
    hours, waiting_s = _simulated(a_day, fleet)
    assert cost.gpu_hours(a_day, fleet) == pytest.approx(hours, rel=0.06)
    assert cost.waking_s(a_day, fleet) == pytest.approx(waiting_s, rel=0.06)


def test_much_work_costs_what_the_work_takes():
    fleet = cost.Fleet()
    assert cost.gpu_hours(5000, fleet) == pytest.approx(5000 * fleet.seconds / 3600 / fleet.use)


README = (templates.INFRA / "README.md").read_text()


def test_the_documents_table_of_costs_is_the_calculators():
    for a_day in (10, 200, 5000):
        for instance in ("ml.g6.xlarge", "ml.g5.xlarge", "ml.g6e.xlarge"):
            assert cost.line(a_day, cost.Fleet(instance=instance)) in README
        assert cost.function_line(a_day, cost.Function()) in README


def test_costs_are_of_what_the_templates_set_up():
    model, stream = READ["model-function"]["Parameters"]["ModelMemory"]["Default"], READ["stream"]["Resources"]["StreamFunction"]["Properties"]["MemorySize"]
    assert (cost.Function.memory, cost.STREAM_MB) == (model, stream)


def test_a_model_that_takes_as_long_as_said_costs_the_same_on_both_ways():
    for a_day in (10, 200, 5000):
        fleet = cost.Fleet()
        even = cost.Function(seconds=cost.break_even_s(a_day, fleet, cost.Function()))
        on_gpu, on_lambda = cost.line(a_day, fleet).split("|"), cost.function_line(a_day, even).split("|")
        assert on_gpu[6] == on_lambda[6]
        told = re.search(rf"([\d,]+) s at {a_day:,} a day", README)
        assert told[1] == f"{even.seconds:,.0f}"


def test_a_model_as_a_function_ends_in_its_time():
    assert cost.Function.seconds * 3 < READ["model-function"]["Resources"]["ModelFunction"]["Properties"]["Timeout"]


def test_every_threat_names_tests_that_exist():
    root = templates.INFRA.parent
    there = "".join(file.read_text() for folder in ("infra/tests", "tests/contract") for file in (root / folder).glob("*.py"))
    rows = [line.split("|") for line in README.split("## Threat model")[1].split("## ")[0].splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 15
    for row in rows:
        named = re.findall(r"`(\w+)`", row[3])
        assert named and [name for name in named if f"def {name}(" not in there] == [], row[1]


def test_containers_end_by_the_signal_and_carry_no_build():
    """Exec form, the platform's argument, a stage for the build, and nothing of it but the program."""
    for kind, stages in (("cpu", 3), ("cuda", 2)):
        lines = (templates.INFRA.parent / "inference" / "server" / f"Dockerfile.{kind}").read_text().splitlines()
        said = [line for line in lines if line and not line.startswith("#")]
        assert [line for line in said if line.startswith(("ENTRYPOINT", "CMD"))] == ['ENTRYPOINT ["/inference-server"]', 'CMD ["serve"]']
        assert [line.split()[2] for line in said if line.startswith("COPY --from=build")] == ["/src/target/release/inference-server"]
        bases = [line.split()[1] for line in said if line.startswith("FROM")]
        assert len(bases) == stages and not any(base.endswith(":latest") or ":" not in base for base in bases)


def test_the_forge_has_no_key_of_ours():
    for file in (templates.INFRA.parent / ".github" / "workflows").glob("*.yml"):
        workflow = file.read_text()
        assert "AWS_ACCESS_KEY_ID" not in workflow and "secrets." not in workflow and "pull_request_target" not in workflow
        assert "persist-credentials: false" in workflow
        assert ("id-token: write" in workflow) == (file.stem == "deploy")
