r"""Looks for anything that is left of a person: in every row, and in the key of every object, old versions included.

    python verify_erasure.py --table imageto3d-prod --buckets imageto3d-prod-uploads-… imageto3d-prod-models-… \
        --user usr_01ARZ3NDEKTSV4RRFFQ69G5FAV --words a@example.com 1134567 "Ann Example"

Name everything that leads to the person: user id, e-mail address, number at the identity provider, name. There is no
exception: the books that the law keeps hold none of these. Reads only. Ends with 0 if nothing is left, 1 if something is,
2 if it could not look. `--endpoint` names a stand-in, as on a laptop.
"""

import argparse
import sys

import botocore.config
import botocore.exceptions
import botocore.session

SHORTEST = 3  # a shorter word is found by chance


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", required=True)
    parser.add_argument("--buckets", required=True, nargs="+")
    parser.add_argument("--user", required=True)
    parser.add_argument("--words", nargs="*", default=[])
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    words = [arguments.user, *arguments.words]
    if any(len(word) < SHORTEST for word in words):
        parser.error(f"a word has at least {SHORTEST} characters")
    try:
        rows, keys, found = 0, 0, []
        for item in all_rows(arguments):
            rows += 1
            found += [f"row {item['pk']['S']} | {item['sk']['S']}: {place}" for place in places_in({"M": item}, words)]
        for where, key in all_keys(arguments):
            keys += 1
            found += [f"{where} {key}" for word in words if word.casefold() in key.casefold()]
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(found) or f"nothing is left in {rows} rows and {keys} keys")
    return 1 if found else 0


def all_rows(arguments):
    """Every row of the table."""
    table = botocore.session.Session().create_client("dynamodb", endpoint_url=arguments.endpoint)
    for page in table.get_paginator("scan").paginate(TableName=arguments.table, ConsistentRead=True):
        yield from page["Items"]


def all_keys(arguments):
    """Every key of the buckets with what is there: an object, a mark that it was deleted, an upload that never ended."""
    config = botocore.config.Config(s3={"addressing_style": "path"}) if arguments.endpoint else None
    s3 = botocore.session.Session().create_client("s3", endpoint_url=arguments.endpoint, config=config)
    for bucket in arguments.buckets:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            yield from ((f"object in {bucket}:", version["Key"]) for version in page.get("Versions", []))
            yield from ((f"delete marker in {bucket}:", marker["Key"]) for marker in page.get("DeleteMarkers", []))
        for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
            yield from ((f"unfinished upload in {bucket}:", upload["Key"]) for upload in page.get("Uploads", []))


def places_in(value: dict, words: list[str], path: str = "") -> list[str]:
    """Where a DynamoDB value holds one of the words, names of fields included."""
    (kind, inner), = value.items()
    if kind == "M":
        named = [f"the name {path}{name}" for name in inner if holds(name, words)]
        return named + [place for name, item in inner.items() for place in places_in(item, words, f"{path}{name}.")]
    if kind == "L":
        return [place for index, item in enumerate(inner) for place in places_in(item, words, f"{path}{index}.")]
    texts = inner if kind in ("SS", "NS", "BS") else [inner]
    return [path.rstrip(".")] if any(holds(text, words) for text in texts) else []


def holds(text, words: list[str]) -> bool:
    """Whether a text, a number or bytes hold one of the words, capitals or not."""
    text = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return any(word.casefold() in text.casefold() for word in words)


if __name__ == "__main__":
    sys.exit(main())
