"""Starts ministack with five things mended."""

import http.server
import json
from pathlib import Path

# Its answers to the functions otherwise wait 40 ms for an ACK: Nagle's algorithm off.
http.server.BaseHTTPRequestHandler.disable_nagle_algorithm = True

from ministack.app import main  # noqa: E402  (the line above must come first)
from ministack.core import iam_actions  # noqa: E402
from ministack.services import lambda_svc, s3, ses_v2  # noqa: E402

SEND = "/v2/email/outbound-emails"
OUTBOX = Path("mails.jsonl")  # in the folder of this local cloud, which it is started in

_resource, _answer, _at_once = iam_actions._ses_v2_resource_arn, ses_v2.handle_request, lambda_svc._sqs_esm_concurrency
_post = s3._post_object


def resource(method: str, path: str, body: bytes, region: str, account: str) -> str:
    """Sending asks for the right on the sender's identity; ministack asks for it on everything."""
    if path.rstrip("/") != SEND:
        return _resource(method, path, body, region, account)
    domain = json.loads(body).get("FromEmailAddress", "").rstrip(">").rpartition("@")[2]
    return f"arn:aws:ses:{region}:{account}:identity/{domain}"


async def answer(method, path, headers, body, query_params):
    """Keeps each mail as it was sent; ministack's own outbox forgets the headers."""
    status, told, said = await _answer(method, path, headers, body, query_params)
    if path.rstrip("/") == SEND and status == 200:
        with OUTBOX.open("a") as outbox:
            outbox.write(json.dumps(json.loads(body)) + "\n")
    return status, told, said


def at_once(source: dict, *about) -> int:
    """A template's number is text once it was a parameter, which stops every queue's reader."""
    numbers = {name: int(value) for name, value in (source.get("ScalingConfig") or {}).items()}
    return _at_once({**source, "ScalingConfig": numbers}, *about)


def post(bucket: str, body: bytes, headers: dict):
    """A form's checksum is checked as that of a PUT is, which ministack leaves out."""
    parts = {name.lower(): value for name, _, _, value in s3._parse_multipart_form(headers.get("content-type", ""), body)}
    sums = {name: value.decode("latin-1") for name, value in parts.items() if name.startswith("x-amz-checksum-")}
    _, refused = s3._resolve_object_checksums(parts.get("file", b""), sums)
    return refused or _post(bucket, body, headers)


iam_actions._ses_v2_resource_arn, ses_v2.handle_request, lambda_svc._sqs_esm_concurrency = resource, answer, at_once
s3._post_object = post
main()
