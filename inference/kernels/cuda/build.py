"""Makes `kernels.fatbin` of `kernels.cu`: the kernels for every card we know, and PTX for later ones.

    python build.py TOOLS

TOOLS is a folder for NVIDIA's compiler (105 MB to fetch, 271 MB unpacked), kept for the next time. Needs gcc, x86-64
Linux and no GPU. `kernels.sha256` then says which source the fatbin is of; a test checks both.
"""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
# T4 · A100 · A10G · L4, L40S · H100, H200.
CARDS = [75, 80, 86, 89, 90]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("say where the compiler is kept: python build.py TOOLS")
    nvcc = compiler(Path(sys.argv[1]))
    targets = [f"-gencode=arch=compute_{card},code=sm_{card}" for card in CARDS]
    # Not by the newest card's number: later drivers translate it for later cards.
    targets.append(f"-gencode=arch=compute_{CARDS[-1]},code=compute_{CARDS[-1]}")
    command = [nvcc, "-fatbin", "-O3", "--compress-mode=size", "--threads=0", *targets, "kernels.cu", "-o", "kernels.fatbin"]
    subprocess.run(command, cwd=HERE, check=True)
    lines = [f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}\n" for name in ("kernels.cu", "kernels.fatbin")]
    (HERE / "kernels.sha256").write_text("".join(lines))
    print(f"kernels.fatbin: {(HERE / 'kernels.fatbin').stat().st_size:,} bytes")


def compiler(tools: Path) -> Path:
    """Fetches and unpacks the pinned wheels, once."""
    nvcc = tools / "root/nvidia/cu13/bin/nvcc"
    if not nvcc.exists():
        wheels = tools / "wheels"
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*fetch, "--require-hashes", "-r", HERE / "requirements.txt", "-d", wheels], check=True)
        for wheel in sorted(wheels.glob("*.whl")):
            # Not zipfile's: it forgets which files may be run.
            with zipfile.ZipFile(wheel) as archive:
                for item in archive.infolist():
                    unpacked = Path(archive.extract(item, tools / "root"))
                    if unpacked.is_file():
                        unpacked.chmod(item.external_attr >> 16 | 0o644)
    return nvcc.resolve()


if __name__ == "__main__":
    main()
