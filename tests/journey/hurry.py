"""Lets the deletion of an account go on now, past the time that it waits for, with the local cloud's owner's keys.

    python hurry.py usr_... --name test --port-base 8400
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "infra" / "local"))

from deploy import Cloud  # noqa: E402
from places import Place  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("user")
    parser.add_argument("--name", default="test")
    parser.add_argument("--port-base", type=int, default=8400)
    arguments = parser.parse_args()
    place = Place(arguments.name, arguments.port_base)
    table = Cloud(place).client("dynamodb")
    try:
        table.update_item(
            TableName=json.loads(place.ready_file.read_text())["table_name"],
            Key={"pk": {"S": f"USER#{arguments.user}"}, "sk": {"S": "ERASURE"}},
            UpdateExpression="SET due = :now, gsi1sk = :first",
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":now": {"N": "1"}, ":first": {"S": f"{1:013}#"}},
        )
        waits = True
    except table.exceptions.ConditionalCheckFailedException:
        waits = False
    print(json.dumps({"waits": waits}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
