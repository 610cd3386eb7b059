"""Fills one of the secrets that only somebody else can give; reads the value without showing it.

    python fill_secret.py --stage prod --name oidc-client        Google's client secret
    python fill_secret.py --stage prod --name stripe-key         a restricted key, rk_live_…
    python fill_secret.py --stage prod --name stripe-webhook     the endpoint's signing secret, whsec_…; the one before stays valid

The value is asked for, or read from the standard input of a pipe: it stands in no history and in no list of processes.
"""

import argparse
import datetime
import getpass
import re
import sys

import botocore.exceptions
import botocore.session

from release import keys
from release.plan import Trouble

LOOKS = {"oidc-client": r"\S{8,}", "stripe-key": r"(sk|rk)_(test|live)_\w{8,}", "stripe-webhook": r"whsec_\S{8,}"}
OVERLAP = 2  # signing secrets that are kept


def filled(name: str, value: str, before, today: str):
    """What the secret is to hold."""
    if not re.fullmatch(LOOKS[name], value):
        raise Trouble(f"this is no {name}: it should look like {LOOKS[name]}")
    if field := keys.BROUGHT[name]:
        return {field: value}
    others = [each for each in before or [] if each["secret"] != value]
    return [{"id": today, "secret": value}, *others][:OVERLAP]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", required=True)
    parser.add_argument("--name", required=True, choices=sorted(LOOKS))
    parser.add_argument("--region")
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    value = (getpass.getpass(f"{arguments.name}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    try:
        manager = botocore.session.Session().create_client("secretsmanager", region_name=arguments.region, endpoint_url=arguments.endpoint)
        before = keys.read(manager, arguments.stage, arguments.name)
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        keys.write(manager, arguments.stage, arguments.name, filled(arguments.name, value, before, today))
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, Trouble) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{arguments.name} is filled; functions that run already read it again within a minute, or at the next deploy")
    return 0


if __name__ == "__main__":
    sys.exit(main())
