"""Sessions and names of others, seen from behind: which calls a function makes for them, and what happens between two of them."""

import pytest
import requests
from conftest import dispatch, new_person
from people import Person
from proxy import Rule
from test_doors import BODIES, NAMED, call, everything_of


@pytest.fixture(scope="module")
def owned(world, owner):
    """The name of one of everything, of somebody else."""
    person = new_person(world.where)
    generation = world.ordered(person)
    dispatch(owner, person, generation)
    return everything_of(world.where, person, generation)


@pytest.mark.parametrize(("method", "path"), NAMED, ids=[f"{method} {path}" for method, path in NAMED])
def test_another_s_name_takes_the_calls_of_one_that_is_not_there(world, owned, proxy, method, path):
    """So it takes the time of one too, which no clock of a busy machine could tell."""
    def asked(names: dict[str, str] | None) -> tuple[int, list[str]]:
        proxy.play()
        answer = call(world.stranger, method, path, names=names, body=BODIES.get((method, path)))
        return answer.status_code, list(proxy.calls)

    asked(None)  # the process has started and has read its secrets
    nobodys = asked(None)
    assert asked(owned) == nobodys
    assert any(name.startswith("DynamoDB.") for name in nobodys[1]), "it was looked for"


def test_a_session_that_is_ended_while_its_token_is_replaced_stays_ended(world, owner, proxy):
    def renewed(rule: Rule | None = None) -> tuple[requests.Response, list[str]]:
        owner.set(session_of(owner, person), turned=1)
        proxy.play(rule)
        answer = person.post("/api/auth/renew")
        calls = list(proxy.calls)
        proxy.play()
        return answer, calls

    person = new_person(world.where)
    for _ in range(2):  # the first of a process reads its secrets too
        answer, calls = renewed()
        assert answer.status_code == 204 and "Set-Cookie" in answer.headers
    elsewhere, ended = Person(world.where["site"]), []
    elsewhere.http.headers["Cookie"] = f"__Host-session={person.http.cookies['__Host-session']}"
    answer, _ = renewed(Rule("passes", calls.index("DynamoDB.PutItem"), lambda: ended.append(elsewhere.post("/api/auth/logout").status_code)))
    assert ended == [204] and answer.status_code == 204 and "Set-Cookie" not in answer.headers
    assert person.get("/api/me").status_code == 401
    assert not [row for row in owner.rows(person.id) if row["sk"].startswith("SES#")]


def session_of(owner, person) -> dict:
    return next(row for row in owner.rows(person.id) if row["sk"].startswith("SES#"))
