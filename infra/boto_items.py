"""DynamoDB's items as JSON and back: only bytes need another form."""

import base64


def as_json(item: dict) -> dict:
    return {name: _value(value, lambda raw: base64.b64encode(raw).decode()) for name, value in item.items()}


def from_json(item: dict) -> dict:
    return {name: _value(value, base64.b64decode) for name, value in item.items()}


def _value(value: dict, turn) -> dict:
    ((kind, inner),) = value.items()
    if kind == "B":
        return {kind: turn(inner)}
    if kind == "BS":
        return {kind: [turn(each) for each in inner]}
    if kind == "L":
        return {kind: [_value(each, turn) for each in inner]}
    if kind == "M":
        return {kind: {name: _value(each, turn) for name, each in inner.items()}}
    return value
