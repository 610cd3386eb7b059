"""Three programs of others read the templates: each finding is (check, template, resource), whoever it is from."""

import json
import os
import platform
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from templates import INFRA

VENVS = INFRA.parent / ".local" / "venvs"
GUARD = INFRA / "guard" / "node_modules" / "@cdklabs" / "cdk-validator-cfnguard"
BASELINE = INFRA / "tests" / "baseline.toml"

Finding = tuple[str, str, str]


def cfn_lint(folder: Path) -> set[Finding]:
    """Everything that it says, down to information: a warning is a fault."""
    files = sorted(str(file) for file in folder.glob("*.json"))
    answer = _run([Path(sys.executable).with_name("cfn-lint"), "--format", "json", *files])
    return {(each["Rule"]["Id"], Path(each["Filename"]).stem, str((each["Location"]["Path"] or ["", ""])[1])) for each in json.loads(answer)}


def checkov(folder: Path) -> set[Finding]:
    answer = _run([
        VENVS / "checkov" / "bin" / "checkov", "--directory", folder, "--framework", "cloudformation", "--quiet", "--compact",
        "--skip-download", "--output", "json"])
    return {
        (each["check_id"], Path(each["file_path"]).stem, each["resource"].split(".")[-1])
        for each in json.loads(answer)["results"]["failed_checks"]
    }


def guard(folder: Path) -> set[Finding]:
    """AWS Control Tower's rules."""
    system = {"Linux": "ubuntu", "Darwin": "macos"}[platform.system()]
    machine = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}[platform.machine()]
    program = GUARD / "bin" / system / machine / "cfn-guard"
    answer = _run([
        program, "validate", "--rules", GUARD / "rules" / "control-tower" / "cfn-guard", "--data", folder,
        "--output-format", "json", "--structured", "--show-summary", "none"])
    return {
        (rule["Rule"]["name"], Path(file["name"]).stem, resource)
        for file in json.loads(answer) for rule in file["not_compliant"] for resource in _resources(rule)
    }


ALL = (cfn_lint, checkov, guard)


def baseline() -> list[dict]:
    return tomllib.loads(BASELINE.read_text())["exception"]


def excused(finding: Finding, exceptions: list[dict]) -> bool:
    return any(_covers(exception, finding) for exception in exceptions)


def unneeded(findings: set[Finding], exceptions: list[dict]) -> list[str]:
    """Entries of the baseline, and names in them, that no finding needs any more."""
    return [
        f"{exception['check']} at {where}"
        for exception in exceptions for where in exception["where"]
        if not any(check == exception["check"] and fnmatchcase(resource, where) for check, _, resource in findings)
    ]


def _covers(exception: dict, finding: Finding) -> bool:
    check, _, resource = finding
    return check == exception["check"] and any(fnmatchcase(resource, where) for where in exception["where"])


def _resources(rule: object) -> set[str]:
    """Every resource that a finding points at, wherever the answer hides it."""
    if isinstance(rule, list):
        return set().union(*(_resources(each) for each in rule)) if rule else set()
    if not isinstance(rule, dict):
        return set()
    path = rule.get("path")
    here = {path.split("/")[2]} if isinstance(path, str) and path.startswith("/Resources/") else set()
    return here.union(*(_resources(each) for each in rule.values()))


def _run(command: list) -> str:
    """Its answer; they end with a status of their own when they find something."""
    # checkov asks its maker for guidelines otherwise.
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, env={**os.environ, "LOG_LEVEL": "CRITICAL"})
    if not done.stdout.strip():
        raise RuntimeError(f"{command[0]} said nothing: {done.stderr[-2000:]}")
    return done.stdout
