"""What the README and the docs tell a developer to run, run."""

import os
import re
import subprocess
import sys

import pytest
import trimesh
from conftest import REPOSITORY
from people import make_key

COMMANDS = re.search(r"## For programs\n.*?```sh\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.S)[1]


@pytest.fixture
def photo(tmp_path, coffee):
    (tmp_path / "cup.png").write_bytes(coffee)
    return tmp_path / "cup.png"


def is_watertight(model) -> bool:
    mesh = trimesh.load(model, force="mesh")
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    return mesh.is_watertight


def run(command: list[str], folder, person, secret: str, **more: str) -> str:
    env = {"PATH": os.environ["PATH"], "KEY": secret, "SITE": person.site, "PHOTO": "cup.png",
           "IMAGETO3D_KEY": secret, "IMAGETO3D_SITE": person.site, **more}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme_s_commands_make_a_model(person, photo, tmp_path):
    first, rest = COMMANDS.split("\n", 1)
    assert first.startswith("KEY="), "the first line says what to fill in"
    run(["bash", "-euo", "pipefail", "-c", rest], tmp_path, person, make_key(person, test=True)["secret"])
    assert is_watertight(tmp_path / "cup.glb")


def test_the_python_example_makes_a_model_once(person, photo, tmp_path):
    script = REPOSITORY / "docs" / "examples" / "imageto3d.py"
    secret = make_key(person)["secret"]
    for _ in range(2):
        said = run([sys.executable, str(script), "cup.png", "cup.glb"], tmp_path, person, secret)
        assert re.match(r"cup\.glb: \d+ faces", said)
    assert is_watertight(tmp_path / "cup.glb")
    assert person.credits() == {"available": 9, "held": 0}, "the second run found the first one's model"


def test_the_page_s_own_client_works_for_programs(person, photo):
    web = REPOSITORY / "web"
    vitest = ["npx", "vitest", "run", "--config", "vitest.live.ts"]
    run(vitest, web, person, make_key(person, test=True)["secret"], PHOTO=str(photo), HOME=os.environ["HOME"])
