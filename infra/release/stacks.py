"""One stack at a time: what would change is said first, then done; whatever a broken run left behind is cleared."""

import hashlib
from collections.abc import Callable

import botocore.exceptions

from .plan import Trouble

IN_REVIEW, STILLBORN = "REVIEW_IN_PROGRESS", ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
NOTHING = ("didn't contain changes", "No updates are to be performed", "did not contain changes")


class Stacks:
    """The stacks of one stage in one region."""

    def __init__(self, formation, stage: str, agree: Callable[[str, list[str]], bool], pause_s: float = 5) -> None:
        self._formation = formation
        self._stage = stage
        self._agree = agree
        self._waiter = {"Delay": pause_s, "MaxAttempts": int(3600 / pause_s) if pause_s >= 1 else 600}

    def name(self, template: str) -> str:
        return f"imageto3d-{self._stage}-{template}"

    def apply(self, template: str, text: str, parameters: dict[str, str]) -> dict[str, str]:
        """Brings a stack to what the template says, and returns its outputs."""
        stack, status = self.name(template), self._settled(template)
        name = "release-" + hashlib.sha256(repr((text, sorted(parameters.items()), status)).encode()).hexdigest()[:16]
        self._forget(stack, name)
        self._formation.create_change_set(
            StackName=stack, ChangeSetName=name, ChangeSetType="CREATE" if status in (None, IN_REVIEW) else "UPDATE", TemplateBody=text,
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM"], Tags=[{"Key": "service", "Value": "imageto3d"}, {"Key": "stage", "Value": self._stage}],
        )
        if self._changes_nothing(stack, name):
            self._forget(stack, name)
            return self.outputs(template)
        if not self._agree(template, self._said(stack, name)):
            self._forget(stack, name)
            raise Trouble(f"{template} stays as it is; nothing after it was touched")
        self._formation.execute_change_set(StackName=stack, ChangeSetName=name)
        self._wait(template, "stack_create_complete" if status in (None, IN_REVIEW) else "stack_update_complete")
        return self.outputs(template)

    def outputs(self, template: str) -> dict[str, str]:
        """Nothing, if there is no such stack."""
        stack = self._find(template)
        return {output["OutputKey"]: output["OutputValue"] for output in (stack or {}).get("Outputs", [])}

    def delete(self, template: str) -> None:
        if self._find(template) is not None:
            self._formation.delete_stack(StackName=self.name(template))
            self._wait(template, "stack_delete_complete")

    def _settled(self, template: str) -> str | None:
        """Its status once nothing moves any more; a stack whose creation failed is deleted, since nothing else can be done with it."""
        stack = self._find(template)
        if stack and stack["StackStatus"].endswith("_IN_PROGRESS") and stack["StackStatus"] != IN_REVIEW:
            kind = "create" if stack["StackStatus"].startswith("CREATE") else "delete" if stack["StackStatus"].startswith("DELETE") else "update"
            self._wait(template, f"stack_{kind}_complete")
            stack = self._find(template)
        if stack and stack["StackStatus"] in STILLBORN:
            self.delete(template)
            return None
        return stack["StackStatus"] if stack else None

    def _find(self, template: str) -> dict | None:
        try:
            found = self._formation.describe_stacks(StackName=self.name(template))["Stacks"]
        except botocore.exceptions.ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return next((stack for stack in found if stack["StackStatus"] != "DELETE_COMPLETE"), None)

    def _changes_nothing(self, stack: str, name: str) -> bool:
        try:
            self._formation.get_waiter("change_set_create_complete").wait(StackName=stack, ChangeSetName=name, WaiterConfig=self._waiter)
        except botocore.exceptions.WaiterError as error:
            reason = self._formation.describe_change_set(StackName=stack, ChangeSetName=name).get("StatusReason", str(error))
            if any(words in reason for words in NOTHING):
                return True
            raise Trouble(f"{stack} cannot be changed like this: {reason}") from error
        return False

    def _said(self, stack: str, name: str) -> list[str]:
        lines, page = [], {}
        while page is not None:
            answer = self._formation.describe_change_set(StackName=stack, ChangeSetName=name, **page)
            for change in (each["ResourceChange"] for each in answer.get("Changes", [])):
                replaced = " (REPLACED)" if change.get("Replacement") in ("True", True) else ""
                lines.append(f"{change['Action']:7} {change['LogicalResourceId']} [{change['ResourceType']}]{replaced}")
            page = {"NextToken": answer["NextToken"]} if answer.get("NextToken") else None
        return lines

    def _forget(self, stack: str, name: str) -> None:
        try:
            self._formation.delete_change_set(StackName=stack, ChangeSetName=name)
        except botocore.exceptions.ClientError as error:
            if not any(words in str(error) for words in ("does not exist", "NotFound")):
                raise

    def _wait(self, template: str, waiter: str) -> None:
        stack = self.name(template)
        try:
            self._formation.get_waiter(waiter).wait(StackName=stack, WaiterConfig=self._waiter)
        except botocore.exceptions.WaiterError as error:
            events = self._formation.describe_stack_events(StackName=stack)["StackEvents"]
            reasons = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', event['ResourceStatus'])}"
                for event in events if event["ResourceStatus"].endswith("FAILED")
            ]
            raise Trouble(f"{template} did not deploy:\n  " + "\n  ".join(reasons or [str(error)])) from error
