"""Writes each template as the JSON that CloudFormation itself works with: what the validators read, so that all of them see the same.

    python translate.py DIRECTORY

There is no SAM in it, so that nothing is added: only YAML's short forms become what they stand for.
"""

import json
import sys
from pathlib import Path

import templates


def write(directory: Path, read: dict[str, dict]) -> dict[str, Path]:
    """Each template's file."""
    directory.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, template in read.items():
        files[name] = directory / f"{name}.json"
        files[name].write_text(json.dumps(template, indent=1, ensure_ascii=False) + "\n")
    return files


if __name__ == "__main__":
    for name, file in write(Path(sys.argv[1]), templates.read(templates.NAMES + templates.ALONE)).items():
        print(f"{name}: {file.stat().st_size} bytes")
