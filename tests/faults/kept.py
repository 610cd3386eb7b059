"""Everything that is held of a person as it was at one moment, to be gone through from there again and again."""

import json


class Kept:
    """Rows and objects; only what a run may change is looked at again."""

    def __init__(self, owner, user: str) -> None:
        self._cloud, self._where = owner.cloud, owner.where
        self.account = next(row["account"] for row in owner.rows(user) if row["sk"] == "PROFILE")
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        rows = [row for page in pages for row in page["Items"]]
        self._rows = {key_of(row): row for row in rows if user in json.dumps(row) or self.account in json.dumps(row)}
        self._folders = [("uploads_bucket", f"uploads/{user}/"), ("models_bucket", f"models/{user}/"), ("models_bucket", f"exports/{user}/")]
        self._objects = {found: self._s3.get_object(Bucket=found[0], Key=found[1])["Body"].read() for found in self._found()}

    def put_back(self) -> None:
        """Makes rows and objects what they were."""
        now = {}
        for pk in {pk for pk, _ in self._rows}:
            said = self._dynamodb.query(
                TableName=self._table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": pk}}, ConsistentRead=True)
            now |= {key_of(row): row for row in said["Items"]}
        wishes = [{"PutRequest": {"Item": row}} for key, row in self._rows.items() if now.get(key) != row]
        wishes += [{"DeleteRequest": {"Key": {"pk": {"S": pk}, "sk": {"S": sk}}}} for pk, sk in now.keys() - self._rows.keys()]
        for start in range(0, len(wishes), 25):
            self._dynamodb.batch_write_item(RequestItems={self._table: wishes[start:start + 25]})
        found = self._found()
        for bucket, key in found.keys() - self._objects.keys():
            for version in found[bucket, key]:
                self._s3.delete_object(Bucket=bucket, Key=key, VersionId=version)
        for bucket, key in self._objects.keys() - found.keys():
            self._s3.put_object(Bucket=bucket, Key=key, Body=self._objects[bucket, key])

    def _found(self) -> dict[tuple[str, str], list[str]]:
        """The objects that are there, with their versions."""
        found: dict[tuple[str, str], list[str]] = {}
        for bucket, prefix in self._folders:
            said = self._s3.list_object_versions(Bucket=self._where[bucket], Prefix=prefix)
            for version in said.get("Versions", []) + said.get("DeleteMarkers", []):
                found.setdefault((self._where[bucket], version["Key"]), []).append(version["VersionId"])
        return found

    @property
    def _dynamodb(self):
        return self._cloud.client("dynamodb")

    @property
    def _s3(self):
        return self._cloud.client("s3")

    @property
    def _table(self) -> str:
        return self._where["table_name"]


def key_of(row: dict) -> tuple[str, str]:
    return row["pk"]["S"], row["sk"]["S"]
