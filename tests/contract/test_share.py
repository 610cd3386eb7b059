"""Names, tags and links: the owner's to give, for others to see, gone at once."""

import pytest
import requests
from conftest import REPOSITORY, new_person
from people import Person

SECRET = "0" * 40


@pytest.fixture(scope="module")
def made(where):
    """One person with one finished model."""
    person = new_person(where)
    return person, person.make((REPOSITORY / ".local" / "photos" / "coffee.png").read_bytes())["id"]


def label(person: Person, generation: str, **body) -> requests.Response:
    return person.change("PATCH", f"/api/generations/{generation}", body)


def test_a_label_is_kept_and_taken_away(made):
    person, generation = made
    answer = label(person, generation, title=" My cup ", tags=["red", "kitchen", "red"])
    assert (answer.status_code, answer.json()["title"], answer.json()["tags"]) == (200, "My cup", ["red", "kitchen"])
    assert person.generations()[0]["title"] == "My cup"
    answer = label(person, generation)
    assert (answer.json()["title"], answer.json()["tags"]) == (None, [])


@pytest.mark.parametrize(("body", "pointer"), [
    ({"title": ""}, "/title"), ({"title": "x" * 81}, "/title"), ({"tags": ["x"] * 11}, "/tags"), ({"tags": ["ok", "y" * 31]}, "/tags/1"),
])
def test_a_label_out_of_bounds_says_where(made, body, pointer):
    answer = label(*made, **body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_link_opens_one_model_to_strangers_until_it_is_ended(made, where, owner):
    person, generation = made
    label(person, generation, title="<b>Cup</b>")
    share = f"/api/generations/{generation}/share"
    secret = person.change("POST", share).json()["shared"]
    assert len(secret) == 40
    assert person.change("POST", share).json()["shared"] == secret, "shared twice, it keeps the first"

    stranger = Person(where["site"])
    seen = stranger.get(f"/api/shares/{secret}").json()
    assert set(seen) == {"title", "created_at", "model"} and seen["title"] == "<b>Cup</b>"
    page = stranger.get(f"/api/shares/{secret}/page")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8" and "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert f"{where['site']}/api/shares/{secret}/files/preview.webp" in page.text and "<b>" not in page.text
    assert generation not in page.text and generation not in stranger.get(f"/api/shares/{secret}").text
    way = stranger.get(f"/api/shares/{secret}/files/model.glb")
    assert way.status_code == 302 and requests.get(way.headers["Location"], timeout=30).content[:4] == b"glTF"
    for hidden in ("photo", "report.json", "model.stl"):
        assert stranger.get(f"/api/shares/{secret}/files/{hidden}").status_code == 404, hidden

    ended = person.delete(share)
    assert (ended.status_code, ended.json()["shared"]) == (200, None)
    for place in ("", "/page", "/files/model.glb"):
        assert stranger.get(f"/api/shares/{secret}{place}").status_code == 404, place
    assert person.change("POST", share).json()["shared"] != secret, "a new link has a new secret"


def test_a_secret_that_is_none_opens_nothing(where):
    stranger = Person(where["site"])
    for secret in (SECRET, "x", "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV", "%2e%2e"):
        assert stranger.get(f"/api/shares/{secret}").status_code == 404, secret


def test_nobody_shares_or_names_what_is_not_theirs(made, stranger):
    _, generation = made
    assert label(stranger, generation, title="Mine").status_code == 404
    assert stranger.change("POST", f"/api/generations/{generation}/share").status_code == 404


def test_a_deleted_model_is_shared_no_more(where, coffee):
    person = new_person(where)
    generation = person.make(coffee)["id"]
    secret = person.change("POST", f"/api/generations/{generation}/share").json()["shared"]
    assert person.delete(f"/api/generations/{generation}").status_code == 204
    assert Person(where["site"]).get(f"/api/shares/{secret}").status_code == 404
    assert label(person, generation, title="Back?").status_code == 404
