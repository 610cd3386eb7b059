"""What goes into the container without a GPU, and how large that can be: read from its Dockerfile, since nothing here builds images."""

import re

import templates

DOCKERFILE = templates.INFRA.parent / "inference" / "server" / "Dockerfile.cpu"
README = (templates.INFRA / "README.md").read_text()
TARGET_MB = 100
# An upper bound: the base is these packages of Debian 12 without their documentation, and their installed sizes add up to 25.7 MB
# (2026-11-29): base-files, netbase, tzdata, media-types, libc6, libssl3, ca-certificates, libgcc-s1, libgomp1, libstdc++6, gcc-12-base.
BASES_MB = {"gcr.io/distroless/cc-debian12:nonroot": 30}


# The foreground network's, which `make models` fetches: 4,574,861 bytes, and its hash says that they stay so many.
WEIGHTS_MB = 5
FETCH = "inference/image/fetch-u2netp.py"


def _stages() -> dict[str, list[list[str]]]:
    """The instructions of each stage by its name, without comments; the last is what is shipped."""
    found: dict[str, list[list[str]]] = {}
    for line in DOCKERFILE.read_text().replace("\\\n", " ").splitlines():
        words = line.split()
        if words and not line.startswith("#"):
            if words[0] == "FROM":
                found[words[-1]] = []
            list(found.values())[-1].append(words)
    return found


def _last_stage() -> list[list[str]]:
    return list(_stages().values())[-1]


def test_one_program_and_the_weights_go_into_the_image_and_nothing_of_the_tree():
    (_, base, *_), *rest = _last_stage()
    assert base in BASES_MB
    assert [words for words in rest if words[0] in ("COPY", "ADD", "RUN")] == [
        ["COPY", "--from=build", "/src/target/release/inference-server", "/inference-server"], ["COPY", "--from=weights", "/weights/u2netp.onnx", "/opt/ml/model/u2netp.onnx"],
    ]
    assert ["ENTRYPOINT", '["/inference-server"]'] in rest


def test_the_weights_in_the_image_are_those_whose_hash_is_pinned():
    """The one script that knows it fetches them, and says where it puts them; what they are is asked again where they are used."""
    assert _stages()["weights"][1:] == [["COPY", FETCH, "/src/inference/image/"], ["RUN", "python3", f"/src/{FETCH}", "/weights"]]
    script = (templates.INFRA.parent / FETCH).read_text()
    assert re.search(r'^SHA256 = "[0-9a-f]{64}"$', script, re.MULTILINE) and 'directory / "u2netp.onnx"' in script
    told = templates.read(("model-function",))["model-function"]["Resources"]["ModelFunction"]["Properties"]["Environment"]["Variables"]["MODEL_DIR"]
    assert _last_stage()[2][-1] == f"{told}/u2netp.onnx"


def test_the_image_stays_below_its_target():
    told = re.search(r"the program (\d+) MB, its base (\d+) MB and the weights (\d+) MB, together at most (\d+) MB", README)
    program, base, weights, together = (int(number) for number in told.groups())
    assert (base, weights) == (BASES_MB[_last_stage()[0][1]], WEIGHTS_MB) and program + base + weights <= together < TARGET_MB
    assert f"at most {together} MB" in DOCKERFILE.read_text().splitlines()[0]
