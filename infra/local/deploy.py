"""Deploys the production templates to the local cloud, exactly as they are in infra/, by the steps of infra/release."""

import secrets
from pathlib import Path

import botocore.session
import yaml
from botocore.config import Config

from places import (
    ACCOUNT, ENDPOINT_NAME, INFERENCE_COMPONENT_NAME, MAIL_DOMAIN, MAIL_FROM, OIDC_CLIENT_ID, REGION, REPOSITORY, STAGE, Place, to_functions,
)

from release import code, keys, plan  # `places` has said where
from release.stacks import Stacks

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

    def stack(self, name: str, values: dict[str, str]) -> dict[str, str]:
        """Brings one stack to what its template says, the way that an account goes, and returns its outputs."""
        text = plan.template(name)
        stacks = Stacks(self.client("cloudformation"), STAGE, lambda _template, _changes: True, pause_s=0.1)
        return stacks.apply(name, text, plan.chosen(name, text, values))


def deploy(place: Place, binaries: Path) -> dict[str, str]:
    """Brings the local cloud to what the templates and the built functions say; returns where things are."""
    cloud = Cloud(place)
    values = {
        "Stage": STAGE, "SiteOrigin": place.site, "TlsOnly": "false", "Architecture": "x86_64",
        "EndpointName": ENDPOINT_NAME, "InferenceComponentName": INFERENCE_COMPONENT_NAME,
        "OidcIssuer": place.issuer, "OidcClientId": OIDC_CLIENT_ID, "StripeApi": f"{to_functions(place.stripe)}/", "StripeTax": "on",
        "MailDomain": MAIL_DOMAIN, "MailFrom": MAIL_FROM,
        # Whoever sends this header is somebody else: tests play many visitors on one machine.
        "ViewerAddressHeader": "cloudfront-viewer-address",
        # One visitor and a test's burst share this cloud: the gate's own speed must not look like abuse.
        "ThrottleRate": "500", "ThrottleBurst": "1000",
    }
    data = cloud.stack("data", values) | cloud.stack("queues", values)
    _apply_what_templates_lose(cloud, data)
    _fill_secrets(cloud, place)
    _own_mail_domain(cloud)
    values |= _upload_functions(cloud, binaries)
    for name in ("access", "access-work", "app", "app-work", "stream", "api"):
        told = cloud.stack(name, values)
    return {
        "table_name": data["TableName"], "uploads_bucket": data["UploadsBucketName"],
        "models_bucket": data["ModelsBucketName"], "queue_url": data["QueueUrl"],
        "dead_letter_queue_url": data["DeadLetterQueueUrl"],
        "api_prefix": f"/_aws/execute-api/{told['ApiId']}/$default",
    }


def environment_of(place: Place, function: str) -> dict[str, str]:
    """What a process of a deployed function finds in its environment; it has the rights of its role, and no more."""
    cloud = Cloud(place)
    said = cloud.client("lambda").get_function_configuration(FunctionName=f"imageto3d-{STAGE}-{function}")
    # For half a day, the longest there is: a stack that runs longer falls back to polling.
    role = cloud.client("sts").assume_role(RoleArn=said["Role"], RoleSessionName=function, DurationSeconds=43_200)["Credentials"]
    return {
        **said["Environment"]["Variables"],
        "AWS_ACCESS_KEY_ID": role["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
        "AWS_SESSION_TOKEN": role["SessionToken"], "AWS_REGION": REGION, "AWS_ENDPOINT_URL": to_functions(place.cloud),
        "AWS_LAMBDA_FUNCTION_NAME": said["FunctionName"], "AWS_LAMBDA_FUNCTION_VERSION": said["Version"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(said["MemorySize"]),
        "AWS_LAMBDA_LOG_FORMAT": said["LoggingConfig"]["LogFormat"], "AWS_LAMBDA_LOG_LEVEL": said["LoggingConfig"]["ApplicationLogLevel"],
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
    """Puts each binary into the code bucket and forgets the builds nobody runs any more."""
    s3 = cloud.client("s3")
    try:
        s3.create_bucket(Bucket=CODE_BUCKET)
    except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        pass
    there = {item["Key"] for item in s3.list_objects_v2(Bucket=CODE_BUCKET).get("Contents", [])}
    uploaded = code.upload(s3, CODE_BUCKET, binaries, squeeze=False)  # it never leaves this machine
    for old in there - set(uploaded.values()):
        s3.delete_object(Bucket=CODE_BUCKET, Key=old)
    return {**uploaded, "CodeBucket": CODE_BUCKET}


def _fill_secrets(cloud: Cloud, place: Place) -> None:
    manager = cloud.client("secretsmanager")
    keys.make_ours(manager, STAGE)
    keys.write(manager, STAGE, "oidc-client", {"client_secret": oidc_client_secret(place)})
    keys.write(manager, STAGE, "stripe-key", {"secret_key": "sk_test_" + own_secret(place, "stripe")})
    keys.write(manager, STAGE, "stripe-webhook", [{"id": "local", "secret": own_secret(place, "stripe-webhook")}])


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
