"""The operator's commands: what they write, what they refuse, and that nothing of a person is overlooked."""

import hashlib

import block
import botocore.session
import pytest
import verify_erasure
from botocore.stub import ANY, Stubber
from deploy import _renamed
from desk import Desk, Refused

USER = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV"
KEY = {"pk": {"S": f"USER#{USER}"}, "sk": {"S": "PROFILE"}}


NAME = "imageto3d-try"
OPERATOR = "arn:aws:iam::111122223333:user/ann"


@pytest.fixture
def desk():
    session = botocore.session.Session()
    clients = {service: session.create_client(service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test") for service in ("dynamodb", "sts")}
    with Stubber(clients["dynamodb"]) as stub, Stubber(clients["sts"]) as who:
        desk = Desk("try", "fraud", clients.__getitem__, 1_795_435_200_123)
        desk.stub, desk.who = stub, who
        yield desk
        stub.assert_no_pending_responses()
        who.assert_no_pending_responses()


def _read(desk, standing: str, version: int) -> None:
    item = {**KEY, "standing": {"S": standing}, "version": {"N": str(version)}}
    desk.stub.add_response("get_item", {"Item": item}, {"TableName": NAME, "Key": KEY, "ConsistentRead": True})


def _write(desk, before: str, after: str, version: int, deed: str) -> dict:
    desk.who.add_response("get_caller_identity", {"Arn": OPERATOR})
    logged = {"pk": {"S": "AUDIT#2026-11"}, "sk": ANY, "by": {"S": OPERATOR}, "deed": {"S": deed.removesuffix("ed")}, "about": {"S": deed},
              "whom": {"S": hashlib.sha256(USER.encode()).hexdigest()}, "why": {"S": "fraud"}, "ttl": {"N": str(1_795_435_200 + 400 * 24 * 3600)}}
    return {"TransactItems": [
        {"Update": {
            "TableName": NAME, "Key": KEY, "UpdateExpression": "SET #standing = :after, #version = :next",
            "ConditionExpression": "#standing = :before AND #version = :read",
            "ExpressionAttributeNames": {"#standing": "standing", "#version": "version"},
            "ExpressionAttributeValues": {
                ":before": {"S": before}, ":after": {"S": after}, ":read": {"N": str(version)}, ":next": {"N": str(version + 1)}},
        }},
        {"Put": {
            "TableName": NAME, "ConditionExpression": "attribute_not_exists(pk)",
            "Item": {"pk": KEY["pk"], "sk": ANY, "deed": {"S": deed}, "at": ANY, "ttl": ANY, "why": {"S": "fraud"}, "place": ANY},
        }},
        {"Put": {"TableName": NAME, "ConditionExpression": "attribute_not_exists(pk)", "Item": logged}},
    ]}


@pytest.mark.parametrize(("undo", "before", "after", "deed"), [(False, "good", "blocked", "blocked"), (True, "blocked", "good", "unblocked")])
def test_a_person_is_blocked_and_unblocked_with_a_line_in_their_activity_and_one_in_the_log(desk, undo, before, after, deed):
    _read(desk, before, 3)
    desk.stub.add_response("transact_write_items", {}, _write(desk, before, after, 3, deed))
    assert USER in block.change(desk, USER, undo)


def test_a_profile_that_changes_meanwhile_is_read_again(desk):
    _read(desk, "good", 3)
    desk.who.add_response("get_caller_identity", {"Arn": OPERATOR})
    desk.stub.add_client_error("transact_write_items", "TransactionCanceledException")
    _read(desk, "good", 4)
    desk.stub.add_response("transact_write_items", {}, _write(desk, "good", "blocked", 4, "blocked"))
    assert block.change(desk, USER, False) == f"{USER} is now blocked"


def test_whoever_is_blocked_is_not_blocked_again(desk):
    _read(desk, "blocked", 3)
    assert "nothing was changed" in block.change(desk, USER, False)


@pytest.mark.parametrize("standing", ["closing", "erasing"])
def test_a_deletion_is_not_undone_by_blocking(desk, standing):
    _read(desk, standing, 3)
    with pytest.raises(Refused, match=standing):
        block.change(desk, USER, False)


def test_an_unknown_person_is_named(desk):
    desk.stub.add_response("get_item", {}, {"TableName": NAME, "Key": KEY, "ConsistentRead": True})
    with pytest.raises(Refused, match=USER):
        block.change(desk, USER, False)


@pytest.mark.parametrize(("addresses", "says"), [
    (["other@example.com"], "nobody has"), (["a@example.com", "A@example.com"], "several people"),
])
def test_an_address_must_name_one_person(desk, addresses, says):
    items = [{"user": {"S": USER}, "email": {"S": address}} for address in addresses]
    desk.stub.add_response("scan", {"Items": items})
    with pytest.raises(Refused, match=says):
        block.user_of(desk, "a@example.com")


def test_the_line_of_activity_sorts_by_time_and_ends_after_90_days():
    line = block.activity(USER, "blocked", "fraud", 1_795_435_200_123)
    assert line["sk"]["S"].startswith("ACT#1795435200123#") and len(line["sk"]["S"]) == 4 + 13 + 1 + 20
    assert int(line["ttl"]["N"]) == 1_795_435_200 + 90 * 24 * 3600


WORDS = [USER, "ann@example.com"]


@pytest.mark.parametrize(("item", "places"), [
    ({"pk": {"S": f"USER#{USER}"}}, ["pk"]),
    ({"email": {"S": "Ann@Example.com"}}, ["email"]),
    ({"people": {"L": [{"M": {"who": {"S": "x"}}}, {"M": {"who": {"S": f"to {USER}"}}}]}}, ["people.1.who"]),
    ({"tags": {"SS": ["a", "ann@example.com"]}}, ["tags"]),
    ({"raw": {"B": b"<ann@example.com>"}}, ["raw"]),
    ({"sent": {"M": {"ann@example.com": {"N": "1"}}}}, ["the name sent.ann@example.com"]),
    ({"pk": {"S": "ACCT#acc_1"}, "n": {"N": "1"}, "b": {"BOOL": True}, "z": {"NULL": True}}, []),
], ids=["a key", "capitals", "a list", "a set", "bytes", "a name of a field", "nothing"])
def test_nothing_of_a_person_is_overlooked_in_a_row(item, places):
    assert verify_erasure.places_in({"M": item}, WORDS) == places


def test_lifecycle_rules_mean_the_same_in_both_languages():
    assert _renamed({"Id": "a", "Status": "Enabled", "Prefix": "exports/", "ExpirationInDays": 7}) == {
        "ID": "a", "Filter": {"Prefix": "exports/"}, "Status": "Enabled", "Expiration": {"Days": 7}}
    assert _renamed({"Id": "b", "Status": "Enabled", "ExpiredObjectDeleteMarker": True}) == {
        "ID": "b", "Filter": {}, "Status": "Enabled", "Expiration": {"ExpiredObjectDeleteMarker": True}}
