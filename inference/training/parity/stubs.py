"""Lets PyTorch run on the CPU without two gigabytes of CUDA libraries.

    python stubs.py FOLDER

PyTorch's wheel links CUDA's libraries by name and does not start without them, although the CPU needs none. This writes
small libraries of those names whose functions all return 100, which is CUDA's 'no device'. Set LD_LIBRARY_PATH to FOLDER.
"""

import importlib.util
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

# Libraries that every Linux has, or that the wheel brings.
THERE = re.compile(r"lib(c|m|dl|rt|pthread|stdc\+\+|gcc_s|gomp|torch\w*|c10\w*|shm|caffe2_nvrtc)\.so|ld-linux")


def read(*arguments: str) -> list[str]:
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.splitlines()


def wanted(libraries: list[Path]) -> tuple[set[str], dict[str, dict[str, set[str]]]]:
    """The libraries that are missing; and for each, by version, the functions wanted. Those of no library are under ''."""
    missing, functions, defined = set(), defaultdict(lambda: defaultdict(set)), set()
    for library in libraries:
        for line in read("readelf", "-d", str(library)):
            if found := re.search(r"\(NEEDED\).*\[(.*)\]", line):
                if not THERE.match(found[1]):
                    missing.add(found[1])
        owners, file = {}, ""
        for line in read("readelf", "-V", "-W", str(library)):
            if found := re.search(r"File: (\S+)", line):
                file = found[1]
            elif found := re.search(r"Name: (\S+)\s+Flags", line):
                owners[found[1]] = file
        for line in read("readelf", "--dyn-syms", "-W", str(library)):
            parts = line.split()
            if len(parts) < 8 or not parts[0].rstrip(":").isdigit():
                continue
            name, _, version = parts[7].partition("@")
            if parts[6] != "UND":
                defined.add(name)
            elif version:
                functions[owners.get(version.lstrip("@"), "")][version.lstrip("@")].add(name)
            else:
                functions[""][""].add(name)
    functions[""] = {"": {name for name in functions[""][""] - defined if re.match(r"(cu|nv|nccl)", name)}}
    return missing, functions


def build(folder: Path, library: str, versions: dict[str, set[str]]) -> None:
    names = sorted(set().union(*versions.values()))
    source = "".join(f"int {name}(void) {{ return 100; }}\n" for name in names) or "int nothing_here;\n"
    script = folder / f"{library}.map"
    nodes = [f"{version} {{ global: {' '.join(f'{name};' for name in sorted(of))} }};\n" for version, of in versions.items() if version]
    script.write_text("".join(nodes) or "{ global: *; };\n")
    command = ["gcc", "-w", "-shared", "-fPIC", "-xc", "-", f"-Wl,-soname,{library}", f"-Wl,--version-script={script}"]
    subprocess.run([*command, "-o", str(folder / library)], input=source, text=True, check=True)
    script.unlink()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch = Path(importlib.util.find_spec("torch").origin).parent
    missing, functions = wanted(sorted((torch / "lib").glob("*.so")))
    for library in sorted(missing):
        # What has no version may come from any library that has none.
        build(folder, library, functions[library] or functions[""])
    print(f"{len(missing)} libraries without a device are in {folder}")


if __name__ == "__main__":
    main()
