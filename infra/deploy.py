"""Brings a stage to what this working tree says, brings the release before back, or takes a stage for trying away.

    python deploy.py deploy   --stage prod [--dry-run] [--yes]     build, gate, upload, changes shown and then made, site, smoke test
    python deploy.py rollback --stage prod [--to RELEASE] [--yes]  templates, code and page of an earlier release; data stays
    python deploy.py rotate-origin --stage prod                    a new word between CloudFront and the API; then deploy twice
    python deploy.py destroy  --stage dev --yes                    a stage for trying, with everything that it stored

Stops at the first trouble and says what it is; the same command goes on from there. What a stage is made of stands in samconfig.toml.
Credentials are the environment's, as always with AWS. `--endpoint` names a stand-in, as on a laptop.
"""

import argparse
import datetime
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import botocore.exceptions
import botocore.session
from botocore.config import Config

from release import code, history, keys, plan, site, smoke
from release.plan import NO_SITE_YET, REPOSITORY, STACKS, Trouble
from release.stacks import Stacks


class Stage:
    """One stage in one account."""

    def __init__(self, arguments) -> None:
        told = plan.settings(arguments.stage, arguments.settings)
        self.name, self.region, self.values = arguments.stage, told["region"], told["values"]
        self.wanted = [name for name in STACKS if name not in {*told["without"], *arguments.without}]
        self.container = plan.container(self.name, self.wanted)
        self.arguments = arguments
        self._session = botocore.session.Session()
        self._stacks: dict[str, Stacks] = {}

    def client(self, service: str, region: str | None = None):
        return self._session.create_client(
            service, region_name=region or self.region, endpoint_url=self.arguments.endpoint,
            config=Config(retries={"mode": "standard"}, s3={"addressing_style": "path" if self.arguments.endpoint else "auto"}))

    def stacks(self, name: str) -> Stacks:
        region = plan.GLOBAL.get(name, self.region)
        if region not in self._stacks:
            pause_s = 0.1 if self.arguments.endpoint else 5
            self._stacks[region] = Stacks(self.client("cloudformation", region), self.name, self.agree, pause_s)
        return self._stacks[region]

    def agree(self, template: str, changes: list[str]) -> bool:
        print(f"{template}:", *changes, sep="\n  ")
        return self.arguments.yes or input("make these changes? [y/N] ").strip().lower() == "y"

    def apply(self, name: str, text: str, values: dict[str, str]) -> dict[str, str]:
        return self.stacks(name).apply(name, text, plan.chosen(name, text, values))

    def outputs(self, name: str) -> dict[str, str]:
        return self.stacks(name).outputs(name)

    def origin(self) -> str:
        """Where the site is: its own name, CloudFront's, or nowhere yet."""
        if "SiteDomain" in self.values:
            return f"https://{self.values['SiteDomain']}"
        host = self.outputs("edge").get("DistributionHost")
        return f"https://{host}" if host else NO_SITE_YET


def deploy(stage: Stage) -> None:
    if unfilled := plan.unfilled(stage.values):
        raise Trouble(f"samconfig.toml gives only the form of {', '.join(unfilled)}: fill it in")
    values = _values(stage, stage.origin())
    for name in ("data", "depot"):
        values |= _passed_on(stage.apply(name, plan.template(name), values))
    manager, s3 = stage.client("secretsmanager"), stage.client("s3")
    keys.make_ours(manager, stage.name)
    values |= keys.origin(manager, stage.name)
    values |= {"CodeBucket": (bucket := stage.outputs("depot")["CodeBucketName"])} | code.upload(s3, bucket, stage.arguments.binaries, squeeze=not stage.arguments.endpoint)
    _apply_all(stage, values)
    if values["SiteOrigin"] != stage.origin():
        # The first time, CloudFront's name is known only now: buckets and functions learn it.
        values["SiteOrigin"] = stage.origin()
        stage.apply("data", plan.template("data"), values)
        _apply_all(stage, values)
    release = _release(values)
    _publish(stage, s3, stage.arguments.site, release)
    page = (stage.arguments.site / "index.html").read_bytes()
    history.write(s3, bucket, release, {name: plan.template(name) for name in stage.wanted}, values, page)
    _check(stage, manager)
    print(f"{release} is at {stage.origin()}")


def rollback(stage: Stage) -> None:
    s3, bucket = stage.client("s3"), stage.outputs("depot").get("CodeBucketName")
    released = history.names(s3, bucket) if bucket else []
    to = stage.arguments.to or (released[-2] if len(released) > 1 else None)
    if to not in released:
        raise Trouble(f"there is no release {to}: there are {', '.join(released[-10:]) or 'none'}")
    past = history.read(s3, bucket, to)
    if (function := past["values"].get("ContainerFunction", "")) != stage.container["ContainerFunction"]:
        raise Trouble(f"{to} made its models by {plan.CONTAINERS[bool(function)]}, which samconfig.toml leaves out: change `without` first")
    # Not the container first, as a deploy does it: what an older one does not know must not be sent to it any more.
    values = past["values"] | keys.origin(stage.client("secretsmanager"), stage.name)
    for name in sorted(plan.REPLACED, key=lambda name: name in plan.CONTAINERS):
        if name in past["templates"] and name in stage.wanted:
            stage.apply(name, past["templates"][name], values)
    outputs = stage.outputs("edge")
    s3.put_object(Bucket=outputs["SiteBucketName"], Key="index.html", Body=past["page"].encode(), **site.headers("index.html"))
    again = _release(values)
    site.invalidate(stage.client("cloudfront"), outputs["DistributionId"], again)
    history.write(s3, bucket, again, past["templates"], values, past["page"].encode())
    _check(stage, stage.client("secretsmanager"))
    print(f"{to} is back, as {again}")


def rotate_origin(stage: Stage) -> None:
    keys.rotate_origin(stage.client("secretsmanager"), stage.name)
    print("the API takes both words, and CloudFront brings the new one, after the next deploy; after one more rotation the old one is refused")


def destroy(stage: Stage) -> None:
    if stage.name == "prod":
        raise Trouble("prod is not taken away by a command: its table is protected, and its buckets are kept")
    if not stage.arguments.yes:
        raise Trouble(f"this deletes everything that {stage.name} has stored: add --yes")
    s3, kept = stage.client("s3"), {}
    for name in ("data", "depot", "edge"):
        kept |= stage.outputs(name)
    for name in reversed(STACKS):
        stage.stacks(name).delete(name)
    # What a stack's deletion keeps on purpose.
    for bucket in [value for key, value in kept.items() if key.endswith("BucketName")]:
        _empty(s3, bucket)
        s3.delete_bucket(Bucket=bucket)
    if "TableName" in kept:
        stage.client("dynamodb").delete_table(TableName=kept["TableName"])
    manager = stage.client("secretsmanager")
    for key, arn in kept.items():
        if key.endswith("SecretArn"):
            manager.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    if "ImagesUri" in kept:
        stage.client("ecr").delete_repository(repositoryName=f"imageto3d-{stage.name}", force=True)
    print(f"{stage.name} is gone")


def dry_run(stage: Stage) -> None:
    """What each stack would be given, without a single call; what is known only on the way is said so."""
    later = ("CodeBucket", "OriginProofs", "OriginSecretVersion", "WebAclArn", "CertificateArn", *map(plan.code_parameter, plan.FUNCTIONS))
    values = _values(stage, stage.origin() if "SiteDomain" in stage.values else NO_SITE_YET)
    values |= {name: "(known on the way)" for name in later if name not in values}
    if unfilled := plan.unfilled(stage.values):
        print(f"to be filled in before: {', '.join(unfilled)}")
    for name in stage.wanted:
        text = plan.template(name)
        print(f"{name} in {plan.GLOBAL.get(name, stage.region)}, {len(text.encode())} bytes")
        print(*(f"  {key}={value}" for key, value in plan.chosen(name, text, values).items()), sep="\n")


def _apply_all(stage: Stage, values: dict[str, str]) -> None:
    for name in stage.wanted:
        if name not in ("data", "depot"):
            values |= _passed_on(stage.apply(name, plan.template(name), values))


def _passed_on(outputs: dict[str, str]) -> dict[str, str]:
    """Between regions there are no exports: these go by hand."""
    return {key: value for key, value in outputs.items() if key in ("WebAclArn", "CertificateArn")}


def _publish(stage: Stage, s3, folder: Path, release: str) -> None:
    outputs = stage.outputs("edge")
    files = site.upload(s3, outputs["SiteBucketName"], folder)
    site.invalidate(stage.client("cloudfront"), outputs["DistributionId"], release)
    print(f"{files} files of the site")


def _check(stage: Stage, manager) -> None:
    if missing := keys.empty(manager, stage.name):
        print(f"still empty, see fill_secret.py: {', '.join(missing)}")
    if not stage.arguments.no_smoke:
        smoke.site(stage.origin())
        smoke.api(stage.origin())
        smoke.way_round(stage.outputs("api")["ApiEndpoint"])
        print("the smoke test passed")


def _empty(s3, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])


def _values(stage: Stage, origin: str) -> dict[str, str]:
    """What every template may ask for, from the beginning."""
    return {
        **stage.values, **stage.container, "Architecture": stage.arguments.architecture, "SiteOrigin": origin, "ViewerAddressHeader": "x-viewer-address",
    }


def _release(values: dict[str, str]) -> str:
    """A release's name: when it was made, and a fingerprint of what it was made of."""
    fingerprint = hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:12]
    return f"{datetime.datetime.now(datetime.timezone.utc):%Y%m%dT%H%M%SZ}-{fingerprint}"


def _prepare(arguments) -> None:
    """Everything that is uploaded is built here, from this tree, and has passed the gate."""
    target = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}[arguments.architecture]
    functions = [part for name in plan.FUNCTIONS for part in ("-p", name)]
    environment = {**os.environ, "PATH": f"{REPOSITORY}/.local/venvs/build/bin:{os.environ['PATH']}", "CARGO_BUILD_TARGET": target}
    subprocess.run(["make", "check-infra", "setup-build", "web"], cwd=REPOSITORY, check=True)
    subprocess.run(["cargo", "lambda", "build", "--release", "--target", target, *functions], cwd=REPOSITORY, check=True, env=environment)
    budgets = ["--without", "start_million_instructions", "--without", "hot_million_instructions", "--without", "container_mb"]
    command = [sys.executable, "tests/budgets/budgets.py", "release", "--functions", str(arguments.binaries), *budgets]
    subprocess.run(command, cwd=REPOSITORY, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["deploy", "rollback", "rotate-origin", "destroy"])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--settings", type=Path, default=plan.INFRA / "samconfig.toml")
    parser.add_argument("--architecture", choices=["arm64", "x86_64"], default="arm64")
    parser.add_argument("--to", help="the release to bring back; the one before the last if not said")
    parser.add_argument("--yes", action="store_true", help="make the changes that are shown without asking")
    parser.add_argument("--dry-run", action="store_true", help="only say what each stack would be given")
    parser.add_argument("--without", action="append", default=[], choices=STACKS, help="a stack that is left out")
    parser.add_argument("--built", action="store_true", help="take what is built already, and no gate: for a pipeline that has just done both")
    parser.add_argument("--no-smoke", action="store_true", help="for a stand-in that serves no pages")
    parser.add_argument("--binaries", type=Path, default=REPOSITORY / "target" / "lambda")
    parser.add_argument("--site", type=Path, default=REPOSITORY / "web" / "dist")
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    try:
        stage = Stage(arguments)
        if arguments.dry_run:
            dry_run(stage)
            return 0
        if arguments.command == "deploy" and not arguments.built:
            _prepare(arguments)
        {"deploy": deploy, "rollback": rollback, "rotate-origin": rotate_origin, "destroy": destroy}[arguments.command](stage)
    except (Trouble, botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, subprocess.CalledProcessError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
