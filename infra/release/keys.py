"""Secrets: what can be made is made once, what only others can give stays empty and is named."""

import base64
import hashlib
import json
import secrets as dice

import botocore.exceptions

from .plan import Trouble

# What an operator brings, and what it must look like; see fill_secret.py.
BROUGHT = {"oidc-client": "client_secret", "stripe-key": "secret_key", "stripe-webhook": None}


def read(manager, stage: str, name: str) -> dict | list | None:
    """What is in it; nothing, if nobody has filled it yet."""
    try:
        text = manager.get_secret_value(SecretId=f"imageto3d/{stage}/{name}").get("SecretString")
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return json.loads(text) if text else None


def is_filled(manager, stage: str, name: str) -> bool:
    """Whether somebody has filled it. Its value is not asked for, so who deploys need not be allowed to read what others brought."""
    try:
        return bool(manager.describe_secret(SecretId=f"imageto3d/{stage}/{name}").get("VersionIdsToStages"))
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise


def write(manager, stage: str, name: str, value) -> None:
    manager.put_secret_value(SecretId=f"imageto3d/{stage}/{name}", SecretString=json.dumps(value))


def make_ours(manager, stage: str) -> None:
    """The sessions' first key and CloudFront's first word, if there are none."""
    if not is_filled(manager, stage, "session-keys"):
        write(manager, stage, "session-keys", {"keys": [{"kid": "k1", "key": base64.b64encode(dice.token_bytes(32)).decode()}]})
    if not is_filled(manager, stage, "origin"):
        write(manager, stage, "origin", {"current": dice.token_hex(32)})


def rotate_origin(manager, stage: str) -> None:
    """A new word; the old one is taken too, until the next rotation."""
    before = read(manager, stage, "origin")
    if before is None:
        raise Trouble("there is no word to rotate: deploy first")
    write(manager, stage, "origin", {"current": dice.token_hex(32), "previous": before["current"]})


def origin(manager, stage: str) -> dict[str, str]:
    """As the templates' parameters: what the functions ask for, and which version CloudFront brings."""
    found = manager.get_secret_value(SecretId=f"imageto3d/{stage}/origin")
    words = json.loads(found["SecretString"])
    proofs = [hashlib.sha256(words[name].encode()).hexdigest() for name in ("current", "previous") if name in words]
    return {"OriginProofs": ",".join(proofs), "OriginSecretVersion": found["VersionId"]}


def empty(manager, stage: str) -> list[str]:
    """Those that somebody still has to fill."""
    return [name for name in BROUGHT if not is_filled(manager, stage, name)]
