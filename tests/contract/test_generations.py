"""The main job on real photographs, and what becomes of it."""

import hashlib
import io
import json

import pytest
import requests
import trimesh
from conftest import REPOSITORY
from PIL import Image


def download(person, made: dict, name: str) -> requests.Response:
    link = person.get(f"/api/generations/{made['id']}/files/{name}")
    assert link.status_code == 302, link.text
    return requests.get(link.headers["Location"], timeout=30)


@pytest.mark.parametrize("photo", ["coffee.png", "chelsea.png", "mushroom-with-alpha.png"])
def test_a_photo_becomes_a_watertight_model(person, owner, photo):
    made = person.make((REPOSITORY / ".local" / "photos" / photo).read_bytes())
    assert made["status"] == "SUCCEEDED", made
    assert made["model"]["watertight"] is True
    assert person.credits() == {"available": 9, "held": 0}
    model = download(person, made, "model.glb")
    assert model.headers["Content-Type"] == "model/gltf-binary"
    scene = trimesh.load(io.BytesIO(model.content), file_type="glb")
    mesh = scene.to_geometry()
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    assert mesh.is_watertight and mesh.is_winding_consistent and mesh.volume > 0
    assert len(mesh.faces) == made["model"]["faces"]
    assert max(mesh.extents) == pytest.approx(1, abs=1e-4)
    assert mesh.visual.material.baseColorTexture.size[0] >= 512
    preview = Image.open(io.BytesIO(download(person, made, "preview.webp").content))
    assert (preview.format, preview.size) == ("WEBP", (512, 512))
    report = json.loads(download(person, made, "report.json").content)
    assert report["hashes"]["model_sha256"] == hashlib.sha256(model.content).hexdigest()
    assert {row["kind"] for row in owner.rows(owner.wallet(report_user(person))["account"]) if row["sk"].startswith("E#")} == {
        "free_grant", "hold", "capture"}


def test_a_model_turns_in_its_own_picture(person, coffee):
    turntable = Image.open(io.BytesIO(download(person, person.make(coffee), "turntable.webp").content))
    assert (turntable.format, turntable.n_frames, turntable.info["loop"]) == ("WEBP", 36, 0)


def test_every_format_is_made_once_and_stays_closed(person, owner, coffee):
    made = person.make(coffee, options={"faces": 3000, "height_mm": 80, "flat_base": True})
    offered = {file["name"]: file for file in made["files"]}
    formats = [name for name, file in offered.items() if file["bytes"] is None]
    assert sorted(formats) == ["model-compact.glb", "model-obj.zip", "model.3mf", "model.ply", "model.stl", "model.usdz"]
    for name in formats:
        first, second = download(person, made, name), download(person, made, name)
        assert first.headers["Content-Type"] == offered[name]["content_type"]
        assert first.headers["Content-Disposition"] == f'attachment; filename="{made["id"]}{name.removeprefix("model")}"'
        assert (first.content, first.headers["ETag"]) == (second.content, second.headers["ETag"])
        assert first.headers["Last-Modified"] == second.headers["Last-Modified"], "the second is the stored one"
    solid = trimesh.load(io.BytesIO(download(person, made, "model.stl").content), file_type="stl")
    assert solid.is_volume and len(solid.faces) == made["model"]["faces"] <= 3000
    assert solid.extents[2] == pytest.approx(80, abs=0.01)
    assert person.delete(f"/api/generations/{made['id']}").status_code == 204
    assert not owner.objects("models", made["id"])


def report_user(person) -> str:
    return person.get("/api/me").json()["user_id"]


def test_an_unchanged_generation_costs_no_body(person, owner, coffee):
    made = asleep(person, owner, coffee)
    first = person.get(f"/api/generations/{made['id']}")
    again = person.get(f"/api/generations/{made['id']}", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # Its message would come back in half a minute and play another test's fault.
    assert person.delete(f"/api/generations/{made['id']}").status_code == 204


def test_a_list_has_pages(person, coffee):
    made = [person.make(coffee)["id"] for _ in range(2)]
    first = person.get("/api/generations?limit=1").json()
    second = person.get(f"/api/generations?limit=1&cursor={first['next_cursor']}").json()
    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    third = person.get(f"/api/generations?limit=1&cursor={second['next_cursor']}").json()
    assert third == {"items": [], "next_cursor": None}


def test_what_is_deleted_is_gone_everywhere(person, owner, coffee):
    made = person.make(coffee)
    links = [person.get(f"/api/generations/{made['id']}/files/{name}").headers["Location"] for name in ("model.glb", "photo")]
    assert person.delete(f"/api/generations/{made['id']}").status_code == 204
    assert [requests.get(link, timeout=10).status_code for link in links] == [404, 404]
    assert not owner.objects("models", made["id"]) and not owner.objects("uploads", made["upload_id"])
    assert person.generations() == []
    assert person.get(f"/api/generations/{made['id']}").status_code == 404
    assert person.delete(f"/api/generations/{made['id']}").status_code == 404
    assert person.credits() == {"available": 9, "held": 0}


def test_deleting_a_waiting_generation_gives_the_credits_back(person, owner, coffee):
    made = asleep(person, owner, coffee)
    assert person.credits() == {"available": 9, "held": 1}
    assert person.delete(f"/api/generations/{made['id']}").status_code == 204
    assert person.credits() == {"available": 10, "held": 0}


def test_upkeep_sends_again_what_stayed_queued(person, owner, coffee):
    made = asleep(person, owner, coffee)
    row = next(row for row in owner.rows(report_user(person)) if row.get("id") == made["id"])
    owner.set_due(row, 1)
    assert owner.run_upkeep()["sent_again"] >= 1
    assert person.follow(made["id"])["status"] == "SUCCEEDED"
    assert person.credits() == {"available": 9, "held": 0}


def test_a_dead_letter_becomes_a_failure(person, owner, coffee):
    made = asleep(person, owner, coffee)
    owner.bury({"v": 1, "generation_id": made["id"], "user_id": report_user(person)})
    assert owner.run_upkeep()["failed"] >= 1
    assert person.follow(made["id"])["status"] == "FAILED"
    assert person.credits() == {"available": 10, "held": 0}


def asleep(person, owner, photo: bytes) -> dict:
    """A generation that met a sleeping fleet and waits for its message's next turn, half a minute away."""
    owner.faults({"kind": "no_capacity", "times": 1})
    made = person.create(person.upload(photo)).json()
    while True:
        seen = person.get(f"/api/generations/{made['id']}").json()
        if seen["stage"] == "waking":
            return seen
        assert seen["status"] in {"QUEUED", "RUNNING"}, seen
