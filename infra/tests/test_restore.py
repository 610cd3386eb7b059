"""What a backup brings back of people who were deleted since: nothing, whatever kind of row it is."""

import hashlib
import json
import re
import time

import botocore.session
import pytest
import restore
from botocore.stub import Stubber
from departed import Departed
from templates import INFRA

GONE, STAYS = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV", "usr_01BX5ZZKBKACTAV9WEVGEMMVRZ"
BOOKS = {GONE: "acct_1", STAYS: "acct_2"}
KEYS = (INFRA.parent / "shared" / "cloud" / "src" / "keys.rs").read_text()


def row(pk: str, sk: str, **fields) -> dict:
    return {"pk": {"S": pk}, "sk": {"S": sk}, **{name: {"S": value} for name, value in fields.items()}}


def stone(user: str) -> dict:
    return row(f"TOMB#{hashlib.sha256(user.encode()).hexdigest()}", "TOMB")


def profile(user: str, standing: str = "good") -> dict:
    return row(f"USER#{user}", "PROFILE", user=user, account=BOOKS[user], standing=standing)


def deletion(user: str, step: str) -> dict:
    return row(f"USER#{user}", "ERASURE", user=user, step=step, before="blocked", gsi1pk="DUE#stripe")


def rows_of(user: str) -> dict[str, list[dict]]:
    """By the beginning of their key: rows of every kind there is, as shared/cloud writes them."""
    books = BOOKS[user]
    return {
        "USER": [profile(user), row(f"USER#{user}", "GEN#gen_1", user=user), row(f"USER#{user}", "ACT#1"), row(f"USER#{user}", "SES#ses_1", user=user)],
        "IDP": [row("IDP#https://issuer#7", "ID", user=user, account=books)],
        "KEYH": [row("KEYH#5f", "KEYH", user=user, id="4gT9xQ2b")],
        "ACCT": [row(f"ACCT#{books}", "WALLET"), row(f"ACCT#{books}", "E#free"), row(f"ACCT#{books}", "STRIPE", account=books, customer="cus_1", earlier="cus_0", user=user, version="3")],
        "PAY": [row("PAY#cs_1", "PAY", account=books)],
        "PI": [row("PI#pi_1", "PI", payment="cs_1")],
        "EVT": [row("EVT#evt_1", "EVT")],
        "RL": [row("RL#export#5f#1", "RL")],
        "TOMB": [row("TOMB#5f", "TOMB")],
    }


COME_BACK = {"ACCT", "PAY", "PI", "EVT", "RL", "TOMB"}


def departed(latest: list[dict], saved: list[dict]) -> Departed:
    return Departed(latest, lambda: saved)


def test_every_kind_of_row_comes_back_or_stays_away():
    """A new kind of row fails here until somebody has said to whom it belongs."""
    # A partition of the index, and a sort key below the person.
    others = {"SHARED", "IDEM"}
    assert set(rows_of(GONE)) == set(re.findall(r'format!\("([A-Z]+)#\{', KEYS)) - others
    for kind in rows_of(GONE):
        gone, stays = ([row for rows in rows_of(user).values() for row in rows] for user in (GONE, STAYS))
        asked = departed([stone(GONE)], gone + stays)
        assert all((asked.back(row) is not None) == (kind in COME_BACK) for row in rows_of(GONE)[kind]), kind
        assert all(asked.back(row) == row for row in rows_of(STAYS)[kind]), kind


def test_the_books_of_whoever_was_deleted_forget_the_person():
    saved = [profile(GONE), *rows_of(GONE)["ACCT"]]
    patron = departed([stone(GONE)], saved).back(saved[-1])
    assert patron["closed"] == {"BOOL": True} and GONE not in json.dumps(patron) and "cus_" not in json.dumps(patron)


def test_tombstones_of_both_times_are_kept():
    before = row("TOMB#0a", "TOMB")
    assert departed([stone(GONE)], [before]).tell() == [stone(GONE), before]


def test_a_deletion_that_had_begun_is_taken_over_and_goes_through_its_steps_once_more():
    asked = departed([deletion(GONE, "stripe")], [profile(GONE), *rows_of(GONE)["ACCT"]])
    assert asked.has(GONE) and asked.back(profile(GONE)) is None
    assert asked.back(rows_of(GONE)["ACCT"][-1])["customer"] == {"S": "cus_1"}, "Stripe is still to be told"
    (taken,) = asked.tell()
    assert (taken["step"], taken["gsi1pk"]) == ({"S": "freeze"}, {"S": "DUE#privacy"})


@pytest.mark.parametrize(("latest", "saved", "standing"), [
    ([deletion(GONE, "freeze")], [profile(GONE)], "closing"),
    ([], [profile(GONE, "closing"), deletion(GONE, "freeze")], "blocked"),
], ids=["asked for since", "taken back since"])
def test_a_deletion_that_waits_is_what_it_was_last(latest, saved, standing):
    asked = departed(latest, saved)
    assert not asked.has(GONE) and asked.back(saved[0])["standing"] == {"S": standing}
    assert [row["sk"]["S"] for row in asked.tell()] == ["ERASURE"] * len(latest)


def test_of_several_versions_the_newest_is_current_again():
    listed = [{"kind": "models", "key": key, "version": version} for key, version in [("a", "3"), ("a", "2"), ("a", "1"), ("b", "7")]]
    assert [each["version"] for each in restore._oldest_first(listed)] == ["1", "2", "3", "7"]


@pytest.fixture
def saved(tmp_path):
    """The folder of a save, of nothing."""
    session = botocore.session.Session()
    table, s3 = (session.create_client(service, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test") for service in ("dynamodb", "s3"))
    names = {"table": "restored", "stage_table": "imageto3d-try", "uploads": "u", "models": "m"}
    with Stubber(table) as rows, Stubber(s3) as objects:
        rows.add_response("scan", {"Items": []})
        for _ in restore.KINDS:
            objects.add_response("list_object_versions", {})
        restore.save(table, s3, names, tmp_path / "saved")
        yield table, s3, rows, tmp_path / "saved"


def test_nobody_is_restored_where_nobody_knows_who_was_deleted(saved):
    table, s3, rows, folder = saved
    rows.add_response("scan", {"Items": []})
    rows.add_client_error("scan", "ResourceNotFoundException")
    with pytest.raises(restore.Refused, match="imageto3d-try is gone"):
        restore.restore(table, s3, {"table": "new"}, folder)
    # Where nothing later is left, the folder may be said to know it.
    rows.add_response("scan", {"Items": []})
    assert restore.restore(table, s3, {"table": "new"}, folder, str(folder))["rows"] == 0


def test_a_copy_that_outlived_the_promise_is_not_restored(saved):
    table, s3, _, folder = saved
    manifest = json.loads((folder / restore.MANIFEST).read_text())
    (folder / restore.MANIFEST).write_text(json.dumps(manifest | {"saved_at": time.time() - 36 * 86_400}))
    with pytest.raises(restore.Refused, match="older than the 35 days"):
        restore.restore(table, s3, {"table": "new"}, folder)
