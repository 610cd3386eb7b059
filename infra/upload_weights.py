"""Puts the engine's weights where the fleet reads them: checked, as safetensors, under a name that is their own hash.

    python upload_weights.py --bucket imageto3d-prod-weights-111122223333-eu-central-1 [--without-triposr]

Prints the `WeightsPrefix` for samconfig.toml. The folder is what the container sees as /opt/ml/model: the foreground network
(`make models`) and TripoSR (`make weights`). Run again it uploads nothing; a file whose hash is not the pinned one is refused.
"""

import argparse
import base64
import hashlib
import importlib.util
import json
import pickle
import struct
import sys
import zipfile
from pathlib import Path

import botocore.exceptions
import botocore.session

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / ".local" / "models"


class Refused(Exception):
    """Why nothing is uploaded, in a sentence."""


def pinned(script: Path) -> str:
    """The hash in the script that fetches the file: there is one place for it."""
    spec = importlib.util.spec_from_file_location(script.stem.replace("-", "_"), script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SHA256


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked(path: Path, expected: str) -> Path:
    if not path.is_file():
        raise Refused(f"{path} is missing: make models weights")
    if (found := sha256(path)) != expected:
        raise Refused(f"{path} has the SHA-256 {found}, and not {expected}: somebody changed it; delete it and fetch it again")
    return path


class _Tensor:
    """What a checkpoint says of one array: where its bytes are, and its shape."""

    def __init__(self, storage: tuple, offset: int, shape: tuple, stride: tuple, *_rest) -> None:
        _, kind, self.key, _, _ = storage
        if kind != "FloatStorage":
            raise Refused(f"the checkpoint holds {kind}; only 32-bit floats are known here")
        self.offset, self.shape = offset * 4, tuple(shape)
        wanted, size = [], 1
        for side in reversed(self.shape):
            wanted.insert(0, size)
            size *= side
        if [step for step, side in zip(stride, self.shape, strict=True) if side > 1] != [step for step, side in zip(wanted, self.shape, strict=True) if side > 1]:
            raise Refused("the checkpoint holds an array that is not in order")
        self.size = size * 4


class _Checkpoint(pickle.Unpickler):
    """Reads PyTorch's index and nothing else: a name that is not here is not run."""

    def find_class(self, module: str, name: str):
        known = {
            ("torch._utils", "_rebuild_tensor_v2"): _Tensor, ("collections", "OrderedDict"): dict,
            ("torch", "FloatStorage"): "FloatStorage",
        }
        if (module, name) not in known:
            raise Refused(f"the checkpoint names {module}.{name}, which is not run")
        return known[module, name]

    def persistent_load(self, told):
        return told


def convert(checkpoint: Path, to: Path) -> None:
    """A PyTorch checkpoint as safetensors, which the engine maps into memory: nothing of it is run, nothing is rounded."""
    with zipfile.ZipFile(checkpoint) as archive:
        (index,) = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        with archive.open(index) as file:
            tensors = dict(sorted(_Checkpoint(file).load().items()))
        header, at = {}, 0
        for name, tensor in tensors.items():
            header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + tensor.size]}
            at += tensor.size
        head = json.dumps(header, separators=(",", ":")).encode()
        head += b" " * (-len(head) % 8)
        part = to.with_suffix(".part")
        with part.open("wb") as out:
            out.write(struct.pack("<Q", len(head)) + head)
            for tensor in tensors.values():
                data = archive.read(index.replace("data.pkl", f"data/{tensor.key}"))[tensor.offset : tensor.offset + tensor.size]
                if len(data) != tensor.size:
                    raise Refused("the checkpoint is cut off")
                out.write(data)
    part.replace(to)


def folder(models: Path, with_triposr: bool) -> dict[str, Path]:
    """What the container finds under /opt/ml/model."""
    files = {"u2netp.onnx": checked(models / "u2netp.onnx", pinned(ROOT / "inference" / "image" / "fetch-u2netp.py"))}
    if with_triposr:
        source = checked(models / "triposr" / "model.ckpt", pinned(ROOT / "inference" / "triposr" / "fetch-weights.py"))
        converted = models / "triposr" / "model.safetensors"
        if not converted.is_file() or converted.stat().st_mtime < source.stat().st_mtime:
            convert(source, converted)
        files |= {"triposr/config.yaml": models / "triposr" / "config.yaml", "triposr/model.safetensors": converted}
    return files


def prefix(hashes: dict[str, str]) -> str:
    """Named by everything that is in it."""
    return f"weights/{hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()}/"


def upload(s3, bucket: str, files: dict[str, Path]) -> tuple[str, int]:
    """Where they are, and how many were not there. One that is there with another hash is refused, never replaced."""
    hashes = {name: sha256(path) for name, path in files.items()}
    where, sent = prefix(hashes), 0
    for name, path in files.items():
        try:
            there = s3.head_object(Bucket=bucket, Key=where + name)["Metadata"].get("sha256")
        except botocore.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
            there = None
        if there == hashes[name]:
            continue
        if there is not None:
            raise Refused(f"s3://{bucket}/{where}{name} has the SHA-256 {there}, and not {hashes[name]}: somebody changed it")
        with path.open("rb") as body:
            digest = base64.b64encode(bytes.fromhex(hashes[name])).decode()
            s3.put_object(Bucket=bucket, Key=where + name, Body=body, ChecksumSHA256=digest, Metadata={"sha256": hashes[name]})
        sent += 1
    return where, sent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--without-triposr", action="store_true", help="only what the embedded engine needs")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--endpoint")
    arguments = parser.parse_args()
    try:
        s3 = botocore.session.Session().create_client("s3", endpoint_url=arguments.endpoint)
        where, sent = upload(s3, arguments.bucket, folder(arguments.models, not arguments.without_triposr))
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, OSError, Refused) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"WeightsPrefix={where}   # {sent} files were new")
    return 0


if __name__ == "__main__":
    sys.exit(main())
