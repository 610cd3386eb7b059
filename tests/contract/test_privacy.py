"""What is held of a person: a copy of everything, the end of everything, and what ends by itself."""

import datetime
import io
import json
import time
import uuid
import zipfile

import jsonschema_rs
from conftest import new_person
from people import PROMISE, Person
from test_money import Fake, Stripe, arrived, books, buy, fake, stripe, wait_for  # noqa: F401  (fixtures)
from test_people import REPOSITORY, kind_of, row_of, user_of

STEPS = ("freeze", "cancel", "objects", "stripe", "books", "rows", "verify")
SCHEMA = json.loads((REPOSITORY / "functions" / "privacy" / "src" / "export.schema.json").read_text())


def file_of(person, export: dict, number: int = 1) -> zipfile.ZipFile:
    file = export["files"][number - 1]
    answer = person.http.get(person.site + file["url"])
    assert answer.status_code == 200 and len(answer.content) == file["bytes"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


def fits(part: dict | list, name: str) -> None:
    jsonschema_rs.validator_for({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(part)


def test_an_export_holds_everything_of_one_person_and_nothing_of_another(where, person, stranger, owner, coffee, fake):  # noqa: F811
    """One row of every kind there is; the table of what is held says which must be in it."""
    email, user = person.get("/api/me").json()["email"], user_of(person)
    stranger.make(coffee)
    person.change("PUT", "/api/me/privacy", {"product_mails": False, "usage_analysis": True, "model_mails": True})
    person.post("/api/me/usage", {"page": "account"})
    kept, gone = person.make(coffee), person.make(coffee)
    person.delete(f"/api/generations/{gone['id']}")
    lost = person.upload(coffee)
    person.post("/api/me/keys", {"name": "A program", "scopes": ["read"], "test": True})
    hook = person.post("/api/me/webhooks", {"url": f"http://{where['receiver']}/", "kinds": ["generation.failed"]}).json()
    assert person.post(f"/api/me/webhooks/{hook['webhook']['id']}/test").status_code == 202
    url = buy(person).json()["url"]
    fake.pay(url)
    arrived(person, url.rsplit("/", 1)[1])
    person.post("/api/me/deletion")
    asked = person.post("/api/me/exports")
    assert asked.status_code == 202 and asked.json()["state"] == "making"
    assert kind_of(person.post("/api/me/exports")) == (409, "/problems/export-running")
    path = f"/api/me/exports/{asked.json()['id']}"
    assert person.get(path).headers["Retry-After"] == "5"
    assert owner.run_privacy()["exports"] >= 1
    export = person.get(path).json()
    assert export["state"] == "ready" and person.get("/api/me/exports").json()["items"] == [export]
    archive = file_of(person, export)
    assert archive.testzip() is None
    account = json.loads(archive.read("account.json"))
    fits(account, "account")
    rows = [held["id"] for held in PROMISE["held"] if held["exported"] and not held["place"].endswith("/") and held["place"] not in ("ACCT#", "GEN#")]
    parts = {name: json.loads(archive.read(f"{name}-1.json")) for name in [*rows, "entries", "payments", "generations"]}
    for name, part in parts.items():
        assert part, f"{name} is held and must be in the export"
        fits(part, name)
    assert parts["profile"][0]["email"] == email
    assert [upload["upload"] for upload in parts["uploads"] if upload["state"] == "OPEN"] == [lost]
    assert {entry["kind"] for entry in parts["entries"]} == {"free_grant", "hold", "capture", "purchase"}
    assert parts["payments"][0]["credits"] == 20 and account["books"]["stripe_customer"].startswith("cus_")
    assert hook["secret"] not in json.dumps(parts)
    generations = parts["generations"]
    assert {item["id"]: bool(item["deleted_at"]) for item in generations} == {kept["id"]: False, gone["id"]: True}
    names = set(archive.namelist())
    assert {f"models/{kept['id']}/{name}" for name in ("model.glb", "preview.webp", "turntable.webp", "report.json")} <= names
    assert archive.read(f"photos/{kept['id']}.png") == coffee
    assert not any(gone["id"] in name for name in names)
    whole = b"".join(archive.read(name) for name in names if name.endswith(".json"))
    assert user_of(stranger).encode() not in whole
    # Another's export is not there, nor its files.
    assert stranger.get(path).status_code == stranger.get(f"{path}/files/export-1.zip").status_code == 404
    assert person.get(f"{path}/files/export-2.zip").status_code == 404
    owner.run_upkeep()
    subjects = [mail["subject"] for mail in owner.mails(email)]
    assert subjects.count("Your export is ready") == 1 and subjects.count("Your account will be deleted") == 1
    assert subjects.count("Your 3D model is ready") == 0, "whoever leaves hears only of that"
    deeds = {line["deed"] for line in person.get("/api/me/activity").json()["items"]}
    assert {"export_begun", "export_taken", "purchase_begun", "generation_deleted", "deletion_begun"} <= deeds
    assert user == account["user_id"]


def test_an_export_that_died_is_made_again_and_ends_in_time(person, owner):
    person.post("/api/me/exports")
    row = row_of(owner, person, "EXP#")
    owner.set(row, version=row["version"] + 1)  # claimed by a run that is no more
    owner.hurry(row)
    assert owner.run_privacy()["exports"] >= 1
    export = person.get("/api/me/exports").json()["items"][0]
    assert file_of(person, export).testzip() is None
    owner.set(row, ends=1)
    assert person.get("/api/me/exports").json()["items"] == []
    assert person.get(export["files"][0]["url"]).status_code == 404


def test_a_heavy_account_is_exported_page_by_page_and_goes_on_where_it_stopped(where, person, owner):
    """More deliveries and entries than one answer of the table holds; and a run that ended in the middle of them."""
    table, name = owner.cloud.client("dynamodb"), where["table_name"]
    hook = person.post("/api/me/webhooks", {"url": f"http://{where['receiver']}/", "kinds": ["generation.failed"]}).json()["webhook"]["id"]
    person.post(f"/api/me/webhooks/{hook}/test")
    one = row_of(owner, person, f"DLV#{hook}#")
    delivery = table.get_item(TableName=name, Key={"pk": {"S": one["pk"]}, "sk": {"S": one["sk"]}})["Item"]
    delivery = {field: value for field, value in delivery.items() if not field.startswith("gsi1")} | {"body": {"S": "x" * 8_000}}
    account = row_of(owner, person, "PROFILE")["account"]
    entry = next(row for row in owner.rows(account) if row["sk"].startswith("E#"))
    entry = table.get_item(TableName=name, Key={"pk": {"S": entry["pk"]}, "sk": {"S": entry["sk"]}})["Item"]
    many = [delivery | {"sk": {"S": f"DLV#{hook}#evt_{number:026}"}, "event": {"S": f"evt_{number:026}"}} for number in range(450)]
    many += [entry | {"sk": {"S": f"E#test#{number:04}"}, "source": {"S": f"test#{number:04}"}, "sequence": {"N": str(number + 2)}} for number in range(450)]
    for start in range(0, len(many), 25):
        table.batch_write_item(RequestItems={name: [{"PutRequest": {"Item": row}} for row in many[start:start + 25]]})
    export = person.post("/api/me/exports").json()
    assert owner.run_privacy()["left"] == 0
    archive = file_of(person, person.get(f"/api/me/exports/{export['id']}").json())
    entries, deliveries = (json.loads(archive.read(f"{part}-1.json")) for part in ("entries", "webhook_deliveries"))
    assert {entry["source"] for entry in entries} >= {f"test#{number:04}" for number in range(450)} and len(entries) == 451
    assert len({delivery["event"] for delivery in deliveries}) == len(deliveries) == 451
    # As if the first file had been full after the 100th of these entries; then no mail has said yet that it is ready.
    row, mail = row_of(owner, person, "EXP#"), row_of(owner, person, "MAIL#export")
    table.delete_item(TableName=name, Key={"pk": {"S": mail["pk"]}, "sk": {"S": mail["sk"]}})
    table.update_item(
        TableName=name, Key={"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}}, UpdateExpression="SET #state = :making, ends = :none, bookmark = :mark, gsi1pk = :whose",
        ExpressionAttributeNames={"#state": "state"}, ExpressionAttributeValues={
            ":making": {"S": "making"}, ":none": {"NULL": True}, ":whose": {"S": "DUE#privacy"},
            ":mark": {"M": {"part": {"S": "entries"}, "after": {"S": "E#test#0099"}}}})
    owner.hurry(row)
    assert owner.run_privacy()["exports"] >= 1
    archive = file_of(person, person.get(f"/api/me/exports/{export['id']}").json(), 2)
    assert set(archive.namelist()) == {"README.txt", "schema.json", "entries-2.json", "payments-2.json", "generations-2.json"}
    assert [entry["source"] for entry in json.loads(archive.read("entries-2.json"))] == [f"test#{number:04}" for number in range(100, 450)]


def told_left(owner, function: str, since: float) -> int:
    """How much a function's log says that it left since then."""
    events = owner.cloud.client("logs").filter_log_events(logGroupName=f"/aws/lambda/imageto3d-local-{function}", startTime=int(since * 1000))["events"]
    return sum(json.loads(event["message"])["WorkLeft"] for event in events if '"WorkLeft":' in event["message"])


def test_what_fails_again_and_again_is_counted_for_the_operator(person, owner):
    person.post("/api/me/exports")
    row = row_of(owner, person, "EXP#")
    owner.set(row, state="of tomorrow")  # which today's code cannot read
    owner.hurry(row)
    since = time.time()
    left = owner.run_privacy()["left"]
    # privacy has not moved it, as if its clock stood still.
    overdue = owner.run_upkeep()["overdue"]
    assert left >= 1 and overdue >= 1
    owner.until(lambda: told_left(owner, "privacy", since) >= left and told_left(owner, "upkeep", since) >= overdue)
    owner.set(row, state="making")
    owner.run_privacy()
    assert owner.run_upkeep()["overdue"] == overdue - 1


def test_the_fourth_export_of_a_day_waits(person, owner):
    for _ in range(3):
        assert person.post("/api/me/exports").status_code == 202
        owner.run_privacy()
        owner.same_every_day("export", user_of(person))
    refused = person.post("/api/me/exports")
    assert kind_of(refused) == (429, "/problems/too-often") and int(refused.headers["Retry-After"]) >= 1


def test_a_mail_comes_when_a_model_is_ready_to_those_who_asked(person, stranger, owner, coffee):
    person.change("PUT", "/api/me/privacy", {"product_mails": False, "usage_analysis": False, "model_mails": True})
    made = person.make(coffee)
    stranger.make(coffee)
    owner.run_upkeep()
    mail, = owner.mails(person.get("/api/me").json()["email"])
    assert mail["subject"] == "Your 3D model is ready" and f"/m/{made['id']}" in mail["text"] and "<a href=" in mail["html"]
    assert mail["headers"]["List-Unsubscribe"] == f"<{person.site}/account>"
    assert owner.mails(stranger.get("/api/me").json()["email"]) == []
    owner.run_upkeep()
    assert len(owner.mails(person.get("/api/me").json()["email"])) == 1


def test_a_payment_that_failed_is_told(person, owner, fake):  # noqa: F811
    url = buy(person).json()["url"]
    fake.pay(url, "delayed")
    fake.order("arrive", checkout=url.rsplit("/", 1)[1], good=False)
    arrived(person, url.rsplit("/", 1)[1], "failed")
    owner.run_upkeep()
    mail, = owner.mails(person.get("/api/me").json()["email"])
    assert mail["subject"] == "A payment did not succeed" and "List-Unsubscribe" not in mail["headers"]


def test_new_texts_are_announced_to_those_who_agreed_to_older_ones(where, person, owner, operator):
    email = person.get("/api/me").json()["email"]
    announce = lambda version: operator("announce.py", "--table", where["table_name"], "--version", version)  # noqa: E731
    assert announce(PROMISE["terms_version"]) == "0 mails wait to be sent\n"
    assert int(announce("2999-01-01").split()[0]) >= 1
    for _ in range(20):  # a hundred in one run, and everybody of all tests is written to
        owner.run_upkeep()
        if mails := owner.mails(email):
            break
    assert mails[0]["subject"] == "Our privacy policy and terms change" and "/privacy" in mails[0]["text"] and "2999-01-01" in mails[0]["text"]


def test_a_photo_that_nobody_asked_a_model_of_goes_after_a_day(person, owner, coffee):
    lost, used = person.upload(coffee), person.upload(coffee)
    made = person.create(used).json()
    row = next(row for row in owner.rows(user_of(person)) if row["sk"] == f"UPL#{lost}")
    day_ms = PROMISE["unclaimed_upload_days"] * 86_400_000
    assert row["gsi1sk"] == f"{row['opened'] + day_ms:013}#{lost}", "due a day later"
    owner.hurry(row)
    assert owner.run_upkeep()["photos"] == 1
    assert not owner.objects("uploads", lost) and owner.objects("uploads", used)
    assert person.create(lost).status_code == 404
    assert person.follow(made["id"])["status"] == "SUCCEEDED"


def test_rows_end_when_the_promise_says(person, owner, coffee):
    """The table of what is held and the rows' own ends of life."""
    person.change("PUT", "/api/me/privacy", {"product_mails": False, "usage_analysis": True, "model_mails": True})
    person.post("/api/me/usage", {"page": "home"})
    made = person.make(coffee)
    person.delete(f"/api/generations/{person.make(coffee)['id']}")
    person.post("/api/me/exports")
    owner.run_privacy()
    promised = {held["place"]: held["seconds"] for held in PROMISE["held"]}
    begun = {"SES#": "opened", "ACT#": "at", "USE#": "at", "MAIL#": "at", "GEN#": "deleted", "EXP#": None, "IDEM#": None}
    seen = set()
    for row in owner.rows(user_of(person)):
        kind = row["sk"].split("#")[0] + "#"
        if kind == "GEN#" and row["id"] == made["id"]:
            assert "ttl" not in row
            continue
        if kind in begun:
            field = begun[kind]
            start = row[field] if field else row["ends"] - promised[kind] * 1000
            assert abs(row["ttl"] - (start // 1000 + promised[kind])) <= 1, row["sk"]
            seen.add(kind)
        else:
            assert "ttl" not in row, row["sk"]
    assert seen == set(begun)


def test_deleting_an_account_asks_for_a_fresh_sign_in_and_can_be_undone(person, owner, coffee):
    session = row_of(owner, person, "SES#")
    owner.set(session, opened=1)
    assert kind_of(person.post("/api/me/deletion")) == (403, "/problems/sign-in-again")
    owner.set(session, opened=session["opened"])
    begun = person.post("/api/me/deletion")
    assert begun.status_code == 202 and person.post("/api/me/deletion").json() == begun.json()
    assert str(PROMISE["finance_years"]) in begun.json()["kept"]
    starts = datetime.datetime.fromisoformat(begun.json()["begins_at"])
    wait = starts - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(days=PROMISE["grace_days"]) - wait < datetime.timedelta(minutes=1)
    me = person.get("/api/me").json()
    assert (me["standing"], me["deletion_begins_at"]) == ("closing", begun.json()["begins_at"])
    assert kind_of(person.announce(coffee, "image/png")) == (403, "/problems/account-closing")
    assert owner.run_privacy()["steps"] == 0, "not before its time"
    assert person.delete("/api/me/deletion").status_code == 204
    assert person.delete("/api/me/deletion").status_code == 404
    assert person.get("/api/me").json()["standing"] == "good" and person.announce(coffee, "image/png").status_code == 201


def test_a_deletion_that_dies_at_every_step_leaves_nothing_behind(where, owner, operator, fake, coffee):  # noqa: F811
    person = new_person(where)
    me = person.get("/api/me").json()
    subject = row_of(owner, person, "PROFILE")["subject"]
    account = row_of(owner, person, "PROFILE")["account"]
    person.change("PATCH", "/api/me", {"name": f"Canary {uuid.uuid4().hex}"})
    name = person.get("/api/me").json()["name"]
    person.change("PUT", "/api/me/privacy", {"product_mails": True, "usage_analysis": True, "model_mails": True})
    person.post("/api/me/usage", {"page": "home"})
    person.make(coffee)
    person.upload(coffee)
    url = buy(person, "monthly").json()["url"]
    checkout = url.rsplit("/", 1)[1]
    fake.pay(url)
    arrived(person, checkout)
    person.post("/api/me/exports")
    owner.run_privacy()
    late = person.announce(coffee, "image/png").json()
    owner.faults({"kind": "no_capacity", "times": 1})
    waits = person.create(person.upload(coffee)).json()
    wait_for(lambda: person.get(f"/api/generations/{waits['id']}").json()["stage"] == "waking", "the fault")
    assert person.post("/api/me/deletion").status_code == 202
    cookie = person.http.cookies["__Host-session"]
    # What is left of the person, as the operator's own tool finds it.
    places = ["--table", where["table_name"], "--buckets", where["uploads_bucket"], where["models_bucket"]]
    verify = lambda **left: operator("verify_erasure.py", *places, "--user", me["user_id"], "--words", me["email"], subject, name, **left)  # noqa: E731
    verify(fails=True)
    seen = []
    for step in STEPS:
        for dies in (True, False):
            row = next(row for row in owner.rows(me["user_id"]) if row["sk"] == "ERASURE")
            assert row["step"] == step
            owner.hurry(row)
            done = owner.run_stripe_clock() if step == "stripe" else owner.run_privacy(most=1)
            if step == "verify":
                assert done["erased"] == 1, done
                break
            if dies:
                # As if the run had died after its work and before it was written down: the row says what it said.
                owner.put_step(row)
        seen.append(step)
        if step == "freeze":
            person.http.headers["Cookie"] = f"__Host-session={cookie}"
            assert person.get("/api/me").status_code == 401
            assert Person(where["site"]).try_sign_in(me["email"]).url.endswith("/?sign_in=deleting")
            # A form that was handed out before still brings a photo.
            assert person.send(late, coffee).status_code == 204
    assert tuple(seen) == STEPS
    verify()
    # Books stay, without the person; Stripe's customer and subscription are gone; what Stripe tells late changes nothing of that.
    kept = {row["sk"].split("#")[0] for row in owner.rows(account)}
    assert kept == {"WALLET", "E", "STRIPE"}
    wallet = next(row for row in owner.rows(account) if row["sk"] == "WALLET")
    assert (wallet["available"], wallet["held"]) == (0, 0)
    assert sum(row["available"] for row in owner.rows(account) if row["sk"].startswith("E#")) == 0
    version = wallet["version"]
    fake.order("renew", checkout=checkout)
    wait_for(lambda: next(row for row in owner.rows(account) if row["sk"] == "WALLET")["version"] > version, "the late event")
    verify()


def test_who_comes_back_is_new_and_gets_no_second_free_credits(where, owner):
    person = new_person(where)
    before = person.get("/api/me").json()
    person.post("/api/me/deletion")
    owner.erase(before["user_id"])
    person.http.headers.pop("Cookie", None)
    person.http.cookies.clear()
    person.sign_in(before["email"])
    after = person.get("/api/me").json()
    assert after["user_id"] != before["user_id"] and after["credits"] == {"available": 0, "held": 0}


def test_what_comes_late_is_found_and_deleted_too(person, owner, coffee):
    user = user_of(person)
    person.post("/api/me/deletion")
    for step in STEPS[:-1]:
        row = next(row for row in owner.rows(user) if row["sk"] == "ERASURE")
        owner.hurry(row)
        owner.run_stripe_clock() if step == "stripe" else owner.run_privacy(most=1)
    # A photo that was on its way all the time.
    owner.cloud.client("s3").put_object(Bucket=owner.where["uploads_bucket"], Key=f"uploads/{user}/upl_late", Body=coffee)
    row = next(row for row in owner.rows(user) if row["sk"] == "ERASURE")
    owner.hurry(row)
    owner.run_privacy(most=1)
    assert next(row for row in owner.rows(user) if row["sk"] == "ERASURE")["step"] == "cancel", "once more"
    owner.erase(user)
    assert not owner.rows(user) and not owner.objects("uploads", user)
