"""What goes into the container without a GPU, and how large that can be: read from its Dockerfile, since nothing here builds images."""

import re

import templates

DOCKERFILE = templates.INFRA.parent / "inference" / "server" / "Dockerfile.cpu"
README = (templates.INFRA / "README.md").read_text()
TARGET_MB = 100
# An upper bound: tables of others (2025) give 20 MB for `base` (glibc, OpenSSL, certificates, time zones), some of them compressed, and
# `cc` adds libstdc++ and libgcc. So twice that and 4.
BASES_MB = {"gcr.io/distroless/cc-debian12:nonroot": 44}


def _last_stage() -> list[list[str]]:
    """The instructions of what is shipped, without comments."""
    lines = [line.split() for line in DOCKERFILE.read_text().replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    begins = [number for number, words in enumerate(lines) if words[0] == "FROM"]
    return lines[begins[-1]:]


def test_one_program_goes_into_the_image_and_nothing_of_the_tree():
    (_, base, *_), *rest = _last_stage()
    assert base in BASES_MB
    assert [words for words in rest if words[0] in ("COPY", "ADD", "RUN")] == [["COPY", "--from=build", "/src/target/release/inference-server", "/inference-server"]]
    assert ["ENTRYPOINT", '["/inference-server"]'] in rest


def test_the_image_stays_below_its_target():
    told = re.search(r"the program (\d+) MB and its base (\d+) MB, together at most (\d+) MB", README)
    program, base, together = (int(number) for number in told.groups())
    assert base == BASES_MB[_last_stage()[0][1]] and program + base <= together < TARGET_MB
    assert f"at most {together} MB" in DOCKERFILE.read_text().splitlines()[0]
