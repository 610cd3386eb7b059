"""Who may do what, decided as IAM decides it, over the roles as they are written: the matrix that permissions.txt keeps.

    python permissions.py > permissions.txt

Rows are deeds on one thing each, columns are roles; dispatch has two, for the endpoint and for the container as a function. Things that are nobody's business (another stage's table, another account's
bucket, a queue's policy) are rows as well, and must stay empty.
"""

import re
from fnmatch import translate

import templates
from templates import as_list, of_type, text

VALUES = {
    "AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "111122223333", "Stage": "prod", "EndpointName": "imageto3d-prod",
    "InferenceComponentName": "imageto3d-prod-model", "ContainerFunction": "", "MailDomain": "example.com",
}
ON_LAMBDA = VALUES | {"EndpointName": "", "InferenceComponentName": "", "ContainerFunction": "imageto3d-prod-model"}
# As the templates decide what stands under an `!If`.
CONDITIONS = {"SendsMails": lambda values: values["MailDomain"] != "", "OnLambda": lambda values: values["ContainerFunction"] != ""}
ROWS_ = ("GetItem", "BatchGetItem", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem", "DeleteTable")
OBJECTS = ("GetObject", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload", "PutObjectAcl")
BUCKETS = ("ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "PutBucketPolicy", "DeleteBucket")
LETTERS = ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes", "PurgeQueue", "SetQueueAttributes")


def deeds(values: dict[str, str]) -> list[tuple[str, str, str]]:
    """Action, thing, and the thing's short name, on the stage that these values name."""
    account, region, stage, endpoint, component = (values[name] for name in ("AWS::AccountId", "AWS::Region", "Stage", "EndpointName", "InferenceComponentName"))
    here, ours = f"{region}:{account}", f"imageto3d-{stage}"
    table, queue, secret = f"arn:aws:dynamodb:{here}:table/{ours}", f"arn:aws:sqs:{here}:{ours}-generations", f"arn:aws:secretsmanager:{here}:secret:imageto3d/{stage}"
    uploads, models, weights = (f"arn:aws:s3:::{ours}-{name}-{account}-{region}" for name in ("uploads", "models", "weights"))
    found = [(f"dynamodb:{action}", table, "table") for action in ROWS_]
    found += [("dynamodb:Query", f"{table}/index/gsi1", "table's index"), ("dynamodb:GetItem", table.replace(f"-{stage}", "-another"), "another stage's table")]
    for bucket, name, folders in ((uploads, "uploads", ("uploads", "other")), (models, "models", ("models", "exports", "other")), (weights, "weights", ("weights",))):
        found += [(f"s3:{action}", f"{bucket}/{folder}/a/b", f"{name}/{folder}/*") for folder in folders for action in OBJECTS]
        found += [(f"s3:{action}", bucket, f"{name} bucket") for action in BUCKETS]
    found.append(("s3:GetObject", f"{uploads.replace(stage, 'another')}/uploads/a/b", "another stage's uploads"))
    for letters, name in ((queue, "queue"), (f"{queue}-dead", "dead letters")):
        found += [(f"sqs:{action}", letters, name) for action in LETTERS]
    secrets = ("session-keys", "oidc-client", "stripe-key", "stripe-webhook", "origin")
    found += [("secretsmanager:GetSecretValue", f"{secret}/{name}-AbCdEf", f"secret {name}") for name in secrets]
    found += [("secretsmanager:PutSecretValue", f"{secret}/session-keys-AbCdEf", "secret session-keys"), ("secretsmanager:GetSecretValue", f"{secret}/session-keys-of-others-AbCdEf", "a secret that begins alike")]
    for name, arn in (("endpoint", f"arn:aws:sagemaker:{here}:endpoint/{endpoint}"), ("component", f"arn:aws:sagemaker:{here}:inference-component/{component}"), ("another endpoint", f"arn:aws:sagemaker:{here}:endpoint/imageto3d-another")):
        found.append(("sagemaker:InvokeEndpoint", arn, name))
    functions = ((f"{ours}-model", "the container's function"), (f"{ours}-auth", "another function"), ("imageto3d-another-model", "another stage's container"))
    found += [("lambda:InvokeFunction", f"arn:aws:lambda:{here}:function:{function}", name) for function, name in functions]
    found += [("ses:SendEmail", f"arn:aws:ses:{here}:identity/{values['MailDomain']}", "mail as our domain"), ("ses:SendEmail", f"arn:aws:ses:{here}:identity/other.invalid", "mail as another")]
    found += [(action, "*", "the account") for action in ("xray:PutTraceSegments", "ecr:GetAuthorizationToken", "cloudwatch:PutMetricData", "iam:PassRole", "lambda:InvokeFunction", "sts:AssumeRole", "kms:Decrypt")]
    return found


def may(role: dict, action: str, resource: str, values: dict[str, str]) -> str:
    """`x` if a statement allows it, `c` if only under a condition, `.` if none does; a denial wins."""
    answer = "."
    for statement in statements(role, values):
        if not _matches(statement, action, resource, values):
            continue
        if statement["Effect"] == "Deny":
            return "."
        answer = "x" if "Condition" not in statement else ("c" if answer == "." else answer)
    return answer


def statements(role: dict, values: dict[str, str]) -> list[dict]:
    """What a role may do, with what these values switch on."""
    found = []
    for statement in (statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]):
        if "Fn::If" in statement:
            condition, *ways = statement["Fn::If"]
            statement = ways[not CONDITIONS[condition](values)]
        found += [statement] if "Effect" in statement else []
    return found


def matrix(read: dict[str, dict]) -> str:
    """The whole table as text."""
    roles = {}
    for name, role in sorted(of_type(read, "AWS::IAM::Role").items()):
        roles[name.removesuffix("Role")] = (role, VALUES)
        if statements(role, VALUES) != statements(role, ON_LAMBDA):
            roles[f"{name.removesuffix('Role')}OnLambda"] = (role, ON_LAMBDA)
    rows = [[f"{action} on {name}", *(may(role, action, thing, values) for role, values in roles.values())] for action, thing, name in deeds(VALUES)]
    widths = [max(len(row[0]) for row in rows), *(len(name) for name in roles)]
    lines = [["", *roles], *rows]
    return "".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines)


def _matches(statement: dict, action: str, resource: str, values: dict[str, str]) -> bool:
    actions = any(re.fullmatch(translate(pattern), action, re.IGNORECASE) for pattern in as_list(statement["Action"]))
    return actions and any(re.fullmatch(translate(filled(pattern, values)), resource) for pattern in as_list(statement["Resource"]))


def filled(resource, values: dict[str, str]) -> str:
    """A resource as CloudFormation would write it; logs and images are not in the table."""
    if isinstance(resource, dict) and "Fn::Sub" not in resource:
        return "-"
    return re.sub(r"\$\{([\w:]+)\}", lambda found: values[found[1]], text(resource))


if __name__ == "__main__":
    print(matrix(templates.read()), end="")
