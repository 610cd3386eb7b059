"""Deploys the production templates to the local cloud, exactly as they are in infra/."""

import base64
import hashlib
import io
import json
import secrets
import zipfile
from pathlib import Path

import botocore.exceptions
import botocore.session
import yaml
from botocore.config import Config

from places import (
    ACCOUNT, ENDPOINT_NAME, FUNCTIONS, INFERENCE_COMPONENT_NAME, MAIL_DOMAIN, MAIL_FROM, OIDC_CLIENT_ID, REGION, REPOSITORY, STAGE,
    Place, Trouble,
)

CODE_BUCKET = f"imageto3d-{STAGE}-code-{ACCOUNT}-{REGION}"


class Cloud:
    """The local cloud with its owner's keys; functions never see these, they have their own role's."""

    def __init__(self, place: Place) -> None:
        self._session = botocore.session.Session()
        self._endpoint = place.cloud
        self._clients: dict = {}

    def client(self, service: str):
        if service not in self._clients:
            self._clients[service] = self._session.create_client(
                service, region_name=REGION, endpoint_url=self._endpoint,
                aws_access_key_id="test", aws_secret_access_key="test",
                # A function may run for two minutes, and must not be called again meanwhile.
                config=Config(read_timeout=130, retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        return self._clients[service]

    def stack(self, name: str, template: str, parameters: dict[str, str]) -> dict[str, str]:
        """Creates or updates one stack and returns its outputs."""
        formation = self.client("cloudformation")
        order = {
            "StackName": f"imageto3d-{STAGE}-{name}",
            "TemplateBody": (REPOSITORY / "infra" / template).read_text(),
            "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            "Capabilities": ["CAPABILITY_IAM"],
        }
        waiter = "stack_create_complete"
        try:
            formation.create_stack(**order)
        except formation.exceptions.AlreadyExistsException:
            waiter = "stack_update_complete"
            try:
                formation.update_stack(**order)
            except botocore.exceptions.ClientError as error:
                if "No updates" not in str(error):
                    raise Trouble(f"{template} could not be updated: {error}") from error
                waiter = None
        if waiter:
            self._wait_for_stack(order["StackName"], waiter, template)
        stack = formation.describe_stacks(StackName=order["StackName"])["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def _wait_for_stack(self, stack: str, waiter: str, template: str) -> None:
        formation = self.client("cloudformation")
        try:
            formation.get_waiter(waiter).wait(StackName=stack, WaiterConfig={"Delay": 0.1, "MaxAttempts": 300})
        except botocore.exceptions.WaiterError as error:
            events = formation.describe_stack_events(StackName=stack)["StackEvents"]
            reasons = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', event['ResourceStatus'])}"
                for event in events if event["ResourceStatus"].endswith("FAILED")
            ]
            raise Trouble(f"{template} did not deploy:\n  " + "\n  ".join(reasons or [str(error)])) from error


def deploy(place: Place, binaries: Path) -> dict[str, str]:
    """Brings the local cloud to what the templates and the built functions say; returns where things are."""
    cloud = Cloud(place)
    shared = {"Stage": STAGE, "SiteOrigin": place.site}
    data = cloud.stack("data", "data.yaml", {**shared, "TlsOnly": "false"})
    _apply_what_templates_lose(cloud, data)
    _fill_secrets(cloud, place, data)
    engine = {"EndpointName": ENDPOINT_NAME, "InferenceComponentName": INFERENCE_COMPONENT_NAME}
    _own_mail_domain(cloud)
    cloud.stack("access", "access.yaml", {"Stage": STAGE})
    cloud.stack("access-work", "access-work.yaml", {"Stage": STAGE, **engine, "MailDomain": MAIL_DOMAIN})
    code = {**_upload_functions(cloud, binaries), "CodeBucket": CODE_BUCKET}
    cloud.stack("app", "app.yaml", {
        "OidcIssuer": place.issuer,
        "OidcClientId": OIDC_CLIENT_ID,
        "StripeApi": f"{place.stripe}/",
        "MailFrom": MAIL_FROM,
        # Whoever sends this header is somebody else: tests play many visitors on one machine.
        "ViewerAddressHeader": "cloudfront-viewer-address",
    })
    # One visitor and a test's burst share this cloud: the gate's own speed must not look like abuse.
    api = cloud.stack("api", "api.yaml", {"Stage": STAGE, "ThrottleRate": "500", "ThrottleBurst": "1000"})
    return {
        "table_name": data["TableName"], "uploads_bucket": data["UploadsBucketName"],
        "models_bucket": data["ModelsBucketName"], "queue_url": data["QueueUrl"],
        "dead_letter_queue_url": data["DeadLetterQueueUrl"],
        "api_prefix": f"/_aws/execute-api/{api['ApiId']}/$default",
    }


def oidc_client_secret(place: Place) -> str:
    """The secret that the sign-in provider and the auth function share."""
    return own_secret(place, "oidc")


def own_secret(place: Place, folder: str) -> str:
    """A secret that two parts of this local cloud share, made once."""
    path = place.home / folder / "client-secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text()


def _upload_functions(cloud: Cloud, binaries: Path) -> dict[str, str]:
    """Puts each binary into the code bucket under its own hash and forgets the builds nobody runs any more."""
    s3 = cloud.client("s3")
    try:
        s3.create_bucket(Bucket=CODE_BUCKET)
    except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        pass
    there = {item["Key"] for item in s3.list_objects_v2(Bucket=CODE_BUCKET).get("Contents", [])}
    keys = {}
    for name in FUNCTIONS:
        binary = (binaries / name / "bootstrap").read_bytes()
        key = f"{name}/{hashlib.sha256(binary).hexdigest()}.zip"
        if key not in there:
            s3.put_object(Bucket=CODE_BUCKET, Key=key, Body=_as_zip(binary))
        keys[f"{name.title().replace('-', '')}Code"] = key
    for old in there - set(keys.values()):
        s3.delete_object(Bucket=CODE_BUCKET, Key=old)
    return keys


def _as_zip(binary: bytes) -> bytes:
    """Stored, not squeezed: it never leaves this machine. A fixed date keeps equal builds equal."""
    entry = zipfile.ZipInfo("bootstrap", date_time=(2020, 1, 1, 0, 0, 0))
    entry.external_attr = 0o755 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(entry, binary)
    return buffer.getvalue()


def _fill_secrets(cloud: Cloud, place: Place, data: dict[str, str]) -> None:
    manager = cloud.client("secretsmanager")
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    wanted = {
        data["SessionKeysSecretArn"]: ({"keys": [{"kid": "k1", "key": key}]}, False),
        data["OidcClientSecretArn"]: ({"client_secret": oidc_client_secret(place)}, True),
        data["StripeKeySecretArn"]: ({"secret_key": "sk_test_" + own_secret(place, "stripe")}, True),
        data["StripeWebhookSecretArn"]: ([{"id": "local", "secret": own_secret(place, "stripe-webhook")}], True),
    }
    for arn, (value, always) in wanted.items():
        try:
            filled = bool(manager.get_secret_value(SecretId=arn).get("SecretString"))
        except manager.exceptions.ResourceNotFoundException:
            filled = False
        if always or not filled:
            manager.put_secret_value(SecretId=arn, SecretString=json.dumps(value))


def _own_mail_domain(cloud: Cloud) -> None:
    """SES sends only from an identity that is verified; this cloud verifies whatever it is told."""
    mail = cloud.client("sesv2")
    try:
        mail.create_email_identity(EmailIdentity=MAIL_DOMAIN)
    except mail.exceptions.AlreadyExistsException:
        pass


def _apply_what_templates_lose(cloud: Cloud, data: dict[str, str]) -> None:
    """ministack drops these template properties silently; the same calls made directly work."""
    dynamodb = cloud.client("dynamodb")
    table = data["TableName"]
    if dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] != "ENABLED":
        dynamodb.update_time_to_live(
            TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    s3 = cloud.client("s3")
    for logical, output in (("UploadsBucket", "UploadsBucketName"), ("ModelsBucket", "ModelsBucketName")):
        rules = [_renamed(rule) for rule in _data_template()["Resources"][logical]["Properties"]["LifecycleConfiguration"]["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=data[output], LifecycleConfiguration={"Rules": rules})


def _data_template() -> dict:
    """The template as data; what `!Sub` and the like stand for does not matter here."""
    class Loader(yaml.SafeLoader):
        pass
    Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)
    return yaml.load((REPOSITORY / "infra" / "data.yaml").read_text(), Loader)


def _renamed(rule: dict) -> dict:
    """CloudFormation and S3 name one rule differently."""
    rest = dict(rule)
    renamed = {"ID": rest.pop("Id"), "Filter": {"Prefix": rest.pop("Prefix")} if "Prefix" in rest else {}}
    for theirs, ours in (("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"), ("ExpirationInDays", "Days")):
        if theirs in rest:
            renamed["Expiration"] = {ours: rest.pop(theirs)}
    return renamed | rest
