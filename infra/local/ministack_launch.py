"""Starts ministack with three things mended."""

import http.server
import json
from pathlib import Path

# Its answers to the functions otherwise wait 40 ms for an ACK: Nagle's algorithm off.
http.server.BaseHTTPRequestHandler.disable_nagle_algorithm = True

from ministack.app import main  # noqa: E402  (the line above must come first)
from ministack.core import iam_actions  # noqa: E402
from ministack.services import ses_v2  # noqa: E402

SEND = "/v2/email/outbound-emails"
OUTBOX = Path("mails.jsonl")  # in the folder of this local cloud, which it is started in

_resource, _answer = iam_actions._ses_v2_resource_arn, ses_v2.handle_request


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


iam_actions._ses_v2_resource_arn, ses_v2.handle_request = resource, answer
main()
