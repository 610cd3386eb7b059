"""The validators find nothing that is not excused, the gate sees every planted defect, and nobody's rights change unseen."""

import permissions
import planted
import policies
import policies_edge
import policies_forge
import policies_gpu
import policies_model
import policies_ops
import pytest
import templates
import translate
import validators

READ = templates.read(templates.NAMES + templates.ALONE)
RULES = (*policies.ALL, *policies_gpu.ALL, *policies_model.ALL, *policies_edge.ALL, *policies_ops.ALL, *policies_forge.ALL)
MOST_LINES = 300
MOST_BYTES = 51_200  # a template that is larger must be uploaded first


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What each program says of the templates as they are, and as they would be with each defect: one run for both."""
    folder = tmp_path_factory.mktemp("translated")
    translate.write(folder, READ)
    for number, (_, name, _) in enumerate(planted.DEFECTS):
        mutant = list(planted.plant(READ).values())[number][name]
        translate.write(folder, {f"defect-{number}": mutant})
    return {program.__name__: program(folder) for program in validators.ALL}


def _of(found: dict, template: str) -> set:
    return {(check, resource) for findings in found.values() for check, name, resource in findings if name == template}


def test_no_validator_finds_what_is_not_excused(found):
    exceptions = validators.baseline()
    ours = {finding for findings in found.values() for finding in findings if finding[1] in READ}
    assert {finding for finding in ours if not validators.excused(finding, exceptions)} == set()
    assert validators.unneeded(ours, exceptions) == []


def test_every_exception_has_its_reason():
    exceptions = validators.baseline()
    assert len({exception["check"] for exception in exceptions}) == len(exceptions)
    assert all(len(exception["reason"]) >= 12 for exception in exceptions)


def test_every_planted_defect_is_caught(found, record_property):
    caught = {}
    for number, (what, mutant) in enumerate(planted.plant(READ).items()):
        name = planted.DEFECTS[number][1]
        before = _of(found, name)
        by = {program for program, findings in found.items() if {(check, resource) for check, file, resource in findings if file == f"defect-{number}"} - before}
        by |= {"policies"} if any(_faults(rule, mutant) for rule in RULES) else set()
        by |= {"matrix"} if permissions.matrix(mutant) != permissions.matrix(READ) else set()
        caught[what] = by
    print("\n" + "\n".join(f"{what}: {', '.join(sorted(by)) or 'NOBODY'}" for what, by in caught.items()))
    assert [what for what, by in caught.items() if not by] == []
    assert len(caught) >= 20


def _faults(rule, mutant) -> bool:
    try:
        return rule(mutant) != []
    except (KeyError, IndexError):
        return True  # the rule cannot even read it, and the gate would say so


def test_nobodys_rights_change_unseen():
    golden = (templates.INFRA / "tests" / "permissions.txt").read_text()
    assert permissions.matrix(READ) == golden, "if that is meant: python infra/tests/permissions.py > infra/tests/permissions.txt"


def test_what_is_nobodys_business_is_nobodys():
    for line in permissions.matrix(READ).splitlines():
        if any(word in line for word in ("another", "/other/*", "begins alike", "DeleteTable", "Scan", "iam:", "sts:", "kms:", "PutBucketPolicy", "DeleteBucket", "PutObjectAcl", "PutSecretValue")):
            assert set(line.split("  ", 1)[1]) <= {".", " "}, line


def test_templates_can_be_read_in_one_sitting():
    assert {name: lines for name in READ if (lines := len((templates.INFRA / f"{name}.yaml").read_text().splitlines())) > MOST_LINES} == {}


def test_templates_need_no_detour(tmp_path):
    assert {name: size for name, file in translate.write(tmp_path, READ).items() if (size := file.stat().st_size) > MOST_BYTES} == {}
