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


def write(manager, stage: str, name: str, value) -> None:
    manager.put_secret_value(SecretId=f"imageto3d/{stage}/{name}", SecretString=json.dumps(value))


def make_ours(manager, stage: str) -> None:
    """The sessions' first key and CloudFront's first word, if there are none."""
    if read(manager, stage, "session-keys") is None:
        write(manager, stage, "session-keys", {"keys": [{"kid": "k1", "key": base64.b64encode(dice.token_bytes(32)).decode()}]})
    if read(manager, stage, "origin") is None:
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
    """Those that somebody still has to fill; of one that who deploys may not read, as the forge's role may not, nothing is said."""
    return [name for name in BROUGHT if _is_empty(manager, stage, name)]


def _is_empty(manager, stage: str, name: str) -> bool:
    try:
        return read(manager, stage, name) is None
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "AccessDeniedException":
            return False
        raise
