"""Forms and links that were handed out too long ago open nothing.

How long they work is ours to say, and is read from what the service signed. That the bucket holds to it is tried with the same form and
link, signed by the owner at another time: signed now they work, signed a second too early they do not.
"""

import base64
import datetime
import hashlib
import hmac
import json
import urllib.parse

import botocore.auth
import pytest
import requests
from botocore.credentials import Credentials
from botocore.awsrequest import AWSRequest

FORM_S = LINK_S = 300
# A second more than what is promised, and a moment ago.
AGES = [(FORM_S + 1, 403), (0, None)]


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def signed_by_owner(form: dict, ends: datetime.datetime, region: str) -> dict:
    """The service's own form, with another end, signed as the service signs."""
    fields = {name: value for name, value in form["fields"].items() if name not in ("policy", "x-amz-signature", "x-amz-security-token")}
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    date = fields["x-amz-date"][:8]
    fields["x-amz-credential"] = f"test/{date}/{region}/s3/aws4_request"
    others = [one for one in policy["conditions"] if isinstance(one, list) or "bucket" in one]
    policy = {"expiration": f"{ends:%Y-%m-%dT%H:%M:%SZ}", "conditions": others + [{name: value} for name, value in fields.items()]}
    fields["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
    key = b"AWS4test"
    for part in (date, region, "s3", "aws4_request", fields["policy"]):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return {**form, "fields": {**fields, "x-amz-signature": key.hex()}}


@pytest.mark.parametrize(("age", "refused"), AGES)
def test_a_form_that_is_too_old_uploads_nothing(where, person, owner, coffee, age, refused):
    form = person.announce(coffee, "image/png").json()
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    ends = datetime.datetime.fromisoformat(policy["expiration"])
    begun = datetime.datetime.strptime(form["fields"]["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    assert (ends - begun).total_seconds() == FORM_S and abs((now() - begun).total_seconds()) < 60
    other = signed_by_owner(form, ends - datetime.timedelta(seconds=age), where["region"])
    assert person.send(other, coffee).status_code == (refused or 204)
    assert bool(owner.objects("uploads", form["upload_id"])) != bool(refused)


@pytest.mark.parametrize(("age", "refused"), AGES)
def test_a_link_that_is_too_old_shows_nothing(where, person, coffee, monkeypatch, age, refused):
    made = person.make(coffee, options={"faces": 1000})
    link = person.get(f"/api/generations/{made['id']}/files/model.glb").headers["Location"]
    address, _, query = link.partition("?")
    asked = dict(urllib.parse.parse_qsl(query))
    assert asked["X-Amz-Expires"] == str(LINK_S) and requests.get(link, timeout=10).status_code == 200
    signed_at = now() - datetime.timedelta(seconds=age)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_arguments, **_named: signed_at.replace(tzinfo=None))
    request = AWSRequest("GET", address)
    botocore.auth.S3SigV4QueryAuth(Credentials("test", "test"), "s3", where["region"], expires=LINK_S).add_auth(request)
    answer = requests.get(request.prepare().url, timeout=10)
    assert answer.status_code == (refused or 200), answer.text
    assert refused is None or b"glTF" not in answer.content
