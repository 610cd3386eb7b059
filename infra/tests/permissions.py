"""Who may do what, decided as IAM decides it, over the roles as they are written: the matrix that permissions.txt keeps.

    python permissions.py > permissions.txt

Rows are deeds on one thing each, columns are roles. Things that are nobody's business (another stage's table, another account's
bucket, a queue's policy) are rows as well, and must stay empty.
"""

import re
from fnmatch import translate

import templates
from templates import as_list, of_type, text

VALUES = {
    "AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "111122223333", "Stage": "prod", "EndpointName": "imageto3d-prod",
    "InferenceComponentName": "imageto3d-prod-model", "MailDomain": "example.com",
}
HERE = "eu-central-1:111122223333"
TABLE = f"arn:aws:dynamodb:{HERE}:table/imageto3d-prod"
UPLOADS = f"arn:aws:s3:::imageto3d-prod-uploads-111122223333-eu-central-1"
MODELS = f"arn:aws:s3:::imageto3d-prod-models-111122223333-eu-central-1"
WEIGHTS = f"arn:aws:s3:::imageto3d-prod-weights-111122223333-eu-central-1"
QUEUE = f"arn:aws:sqs:{HERE}:imageto3d-prod-generations"
SECRETS = f"arn:aws:secretsmanager:{HERE}:secret:imageto3d/prod"
ROWS_ = ("GetItem", "BatchGetItem", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem", "DeleteTable")
OBJECTS = ("GetObject", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload", "PutObjectAcl")
BUCKETS = ("ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "PutBucketPolicy", "DeleteBucket")
LETTERS = ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes", "PurgeQueue", "SetQueueAttributes")


def deeds() -> list[tuple[str, str, str]]:
    """Action, thing, and the thing's short name."""
    found = [(f"dynamodb:{action}", TABLE, "table") for action in ROWS_]
    found += [("dynamodb:Query", f"{TABLE}/index/gsi1", "table's index"), ("dynamodb:GetItem", TABLE.replace("-prod", "-dev"), "another stage's table")]
    for bucket, name, folders in ((UPLOADS, "uploads", ("uploads", "other")), (MODELS, "models", ("models", "exports", "other")), (WEIGHTS, "weights", ("weights",))):
        found += [(f"s3:{action}", f"{bucket}/{folder}/a/b", f"{name}/{folder}/*") for folder in folders for action in OBJECTS]
        found += [(f"s3:{action}", bucket, f"{name} bucket") for action in BUCKETS]
    found.append(("s3:GetObject", f"{UPLOADS.replace('prod', 'dev')}/uploads/a/b", "another stage's uploads"))
    for queue, name in ((QUEUE, "queue"), (f"{QUEUE}-dead", "dead letters")):
        found += [(f"sqs:{action}", queue, name) for action in LETTERS]
    secrets = ("session-keys", "oidc-client", "stripe-key", "stripe-webhook", "origin")
    found += [("secretsmanager:GetSecretValue", f"{SECRETS}/{name}-AbCdEf", f"secret {name}") for name in secrets]
    found += [("secretsmanager:PutSecretValue", f"{SECRETS}/session-keys-AbCdEf", "secret session-keys"), ("secretsmanager:GetSecretValue", f"{SECRETS}/session-keys-of-others-AbCdEf", "a secret that begins alike")]
    for name, arn in (("endpoint", f"arn:aws:sagemaker:{HERE}:endpoint/imageto3d-prod"), ("component", f"arn:aws:sagemaker:{HERE}:inference-component/imageto3d-prod-model"), ("another endpoint", f"arn:aws:sagemaker:{HERE}:endpoint/imageto3d-dev")):
        found.append(("sagemaker:InvokeEndpoint", arn, name))
    found += [("ses:SendEmail", f"arn:aws:ses:{HERE}:identity/example.com", "mail as our domain"), ("ses:SendEmail", f"arn:aws:ses:{HERE}:identity/other.example", "mail as another")]
    found += [(action, "*", "the account") for action in ("xray:PutTraceSegments", "ecr:GetAuthorizationToken", "cloudwatch:PutMetricData", "iam:PassRole", "lambda:InvokeFunction", "sts:AssumeRole", "kms:Decrypt")]
    return found


def may(role: dict, action: str, resource: str) -> str:
    """`x` if a statement allows it, `c` if only under a condition, `.` if none does; a denial wins."""
    answer = "."
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            statement = statement.get("Fn::If", [None, statement])[1]
            if not _matches(statement, action, resource):
                continue
            if statement["Effect"] == "Deny":
                return "."
            answer = "x" if "Condition" not in statement else ("c" if answer == "." else answer)
    return answer


def matrix(read: dict[str, dict]) -> str:
    """The whole table as text."""
    roles = {name.removesuffix("Role"): role for name, role in sorted(of_type(read, "AWS::IAM::Role").items())}
    rows = [[f"{action} on {name}", *(may(role, action, thing) for role in roles.values())] for action, thing, name in deeds()]
    widths = [max(len(row[0]) for row in rows), *(len(name) for name in roles)]
    lines = [["", *roles], *rows]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines)


def _matches(statement: dict, action: str, resource: str) -> bool:
    actions = any(re.fullmatch(translate(pattern), action, re.IGNORECASE) for pattern in as_list(statement["Action"]))
    return actions and any(re.fullmatch(translate(_filled(pattern)), resource) for pattern in as_list(statement["Resource"]))


def _filled(resource) -> str:
    """A resource as CloudFormation would write it; logs and images are not in the table."""
    if isinstance(resource, dict) and "Fn::Sub" not in resource:
        return "-"
    return re.sub(r"\$\{([\w:]+)\}", lambda found: VALUES[found[1]], text(resource))


if __name__ == "__main__":
    print(matrix(templates.read()), end="")
