"""The arrows between the rooms, checked on Cargo's own view of the workspace; numbers that two rooms hold; files that one reading holds; links that lead somewhere;
what programs and their tests ask of crates.

    python check_rooms.py "-p one -p other" …        # the groups that are always built whole
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST = 400  # lines

FUNCTIONS = {"auth", "account", "uploads", "generations", "dispatch", "upkeep", "billing", "stripe-webhook", "privacy", "stream", "webhooks"}
# Who may lean on whom among our own crates; a crate that is not named may lean on nobody.
MAY_USE = {
    "api": {"domain"},
    "cloud": {"domain"},
    "identity": {"domain"},
    "money": {"domain"},
    "edge": {"api", "cloud", "domain", "identity"},
    **{function: {"api", "cloud", "domain", "edge"} for function in FUNCTIONS},
    "account": {"api", "cloud", "domain", "edge", "outbound"},
    "webhooks": {"api", "cloud", "domain", "edge", "outbound"},
    "auth": {"api", "cloud", "domain", "edge", "identity"},
    "billing": {"api", "cloud", "domain", "edge", "money"},
    "stripe-webhook": {"api", "cloud", "domain", "edge", "money"},
    "generations": {"api", "cloud", "domain", "edge", "inference-mesh", "outbound"},
    "inference-relief": {"inference-kernels", "inference-mesh"},
    "inference-triposr": {"inference-kernels", "inference-mesh"},
    "inference-render": {"inference-mesh"},
    "inference-texture": {"inference-mesh"},
    "inference-pipeline": {"inference-image", "inference-mesh", "inference-relief", "inference-render", "inference-texture", "inference-triposr"},
    "inference-server": {"inference-pipeline", "inference-image"},
    "inference-cli": {"inference-pipeline", "inference-image", "inference-mesh", "inference-render"},
    # They try what the rooms read; nobody leans on them.
    "fuzz-service": {"api", "cloud", "dispatch", "domain", "edge", "fuzz-bounds", "generations", "identity", "money", "outbound", "stream", "uploads"},
    "fuzz-inference": {"fuzz-bounds", "inference-image", "inference-mesh", "inference-pipeline", "inference-server", "inference-triposr"},
}
# Crates of others that only one of ours may name.
ONLY = {"aws-": "cloud", "jsonwebtoken": "identity", "async-stripe": "money", "tract-": "inference-image", "gemm-": "inference-kernels", "cudarc": "inference-kernels"}
# Named like Amazon's services, but a library of cryptography.
NO_SERVICE = {"aws-lc-rs"}
NEVER = {"openssl", "openssl-sys", "native-tls"}
# Numbers that two rooms hold alike, since neither may lean on the other.
ALIKE = {"MAX_ANSWER_BYTES": ("inference/pipeline/src/outcome.rs", "shared/cloud/src/container.rs")}


def main(groups: list[str]) -> int:
    faults = [*arrows(), *long_files(), *other_versions(), *other_numbers(), *dead_links(), *built_twice(groups)]
    print("\n".join(faults) or "every arrow between the rooms is allowed, every file is short enough, every link leads somewhere, tests ask no more of crates than programs")
    return bool(faults)


def arrows() -> list[str]:
    asked = ["cargo", "metadata", "--format-version", "1", "--no-deps"]
    metadata = json.loads(subprocess.run(asked, cwd=REPOSITORY, check=True, capture_output=True).stdout)
    names = {package["name"] for package in metadata["packages"]}
    locked = tomllib.loads((REPOSITORY / "Cargo.lock").read_text())["package"]
    faults = [f"{package['name']} is banned" for package in locked if package["name"] in NEVER]
    for package in metadata["packages"]:
        for dependency in package["dependencies"]:
            name, used = package["name"], dependency["name"]
            if used in names and used not in MAY_USE.get(name, set()) and dependency["kind"] != "dev":
                faults.append(f"{name} must not use {used}")
            for prefix, owner in ONLY.items():
                if used.startswith(prefix) and used not in NO_SERVICE and name != owner:
                    faults.append(f"{name} must not name {used}: only {owner} may")
    return faults


def other_versions() -> list[str]:
    """What libFuzzer runs is what is deployed: its lock names no other version of anything."""
    locks = [tomllib.loads((REPOSITORY / folder / "Cargo.lock").read_text())["package"] for folder in (".", "tests/fuzz/libfuzzer")]
    ours, fuzzed = ({(package["name"], package["version"]) for package in lock} for lock in locks)
    names = {name for name, _ in ours}
    return [f"tests/fuzz/libfuzzer/Cargo.lock has {name} {version}, Cargo.lock has not" for name, version in sorted(fuzzed - ours) if name in names]


def other_numbers() -> list[str]:
    faults = []
    for name, files in ALIKE.items():
        written = [re.search(rf"const {name}: \w+ = ([\d_]+);", (REPOSITORY / file).read_text()) for file in files]
        one, other = (found and found[1].replace("_", "") for found in written)
        if one is None or one != other:
            faults.append(f"{name} is {one} in {files[0]}, but {other} in {files[1]}")
    return faults


def long_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "*.rs", "*.py", "*.ts", "*.tsx", "*.mjs", "*.yaml"], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    faults = []
    for name in listed.stdout.split():
        file = REPOSITORY / name
        if file.name == "schema.d.ts" or not file.exists():
            continue  # generated from openapi.json
        lines = len(file.read_text().splitlines())
        if lines > LONGEST:
            faults.append(f"{name} has {lines} lines; at most {LONGEST}")
    return faults


def dead_links() -> list[str]:
    """Links of a page to something that is not in the repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout.split("\n")
    kept = {REPOSITORY / name for name in listed}
    kept |= {folder for file in list(kept) for folder in file.parents}
    faults = []
    for name in listed:
        if name.endswith(".md") and (page := REPOSITORY / name).exists():
            links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", page.read_text())
            faults += [f"{name} links to {link}, which is not there" for link in links if (page.parent / link).resolve() not in kept]
    return faults


def built_twice(groups: list[str]) -> list[str]:
    """Crates of others of which tests ask more than programs do: Cargo builds these, and all that stands on them, once for each."""
    faults = []
    for group in groups:
        programs, tests = features(group, "normal,build"), features(group, "normal,build,dev")
        faults += [
            f"tests ask of {crate} {' or '.join(sorted(tests[crate] - asked))}, programs {' or '.join(sorted(asked))}: "
            "ask the same in tests/fuzz/bounds/Cargo.toml, or it is built twice"
            for crate, asked in programs.items() if tests[crate] - asked
        ]
    return sorted(set(faults))


def features(group: str, edges: str) -> dict[str, set[str]]:
    """What is asked of each crate, by name and version; a crate that also runs while building may have two such lists."""
    asked = ["cargo", "tree", "--locked", *group.split(), "--edges", edges, "--prefix", "none", "--format", "{p}|{f}"]
    listed = subprocess.run(asked, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    found: dict[str, set[str]] = {}
    for line in filter(None, listed.splitlines()):
        crate, _, list_of_features = line.removesuffix(" (*)").partition("|")
        found.setdefault(" ".join(crate.split()[:2]), set()).add(list_of_features or "nothing")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.argv[1:] else __doc__)
