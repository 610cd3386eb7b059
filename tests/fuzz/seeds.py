"""Writes the first inputs of every fuzz target into a folder: small and real, so that the search begins inside each format.

    .local/venvs/tests/bin/python tests/fuzz/seeds.py FOLDER

What is committed in `corpus/` is what came of them, minimised; this is needed again only for a target that has none.
"""

import base64
import hmac
import io
import json
import struct
import sys
import zipfile
from pathlib import Path

from PIL import Image, ImageOps

REPOSITORY = Path(__file__).resolve().parents[2]
EVENTS = REPOSITORY / "events"
ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
# The routes' bodies, in the order of `body.rs`.
BODIES = [
    ("put", "/api/me/privacy"), ("post", "/api/generations/deletions"), ("post", "/api/me/usage"), ("patch", "/api/me"),
    ("post", "/api/me/welcome"), ("post", "/api/generations"), ("post", "/api/generations/batch"), ("post", "/api/billing/checkout"),
    ("post", "/api/me/webhooks"), ("patch", "/api/me/webhooks/{webhook}"), ("post", "/api/me/keys"), ("patch", "/api/generations/{id}"),
    ("post", "/api/uploads"),
]


def encoded(picture: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def photos() -> list[bytes]:
    """Photos of the other tests at stamp size, in everything that the three formats can be."""
    found = []
    for path in sorted((REPOSITORY / ".local" / "photos").iterdir()):
        picture = ImageOps.contain(Image.open(path), (40, 40))
        plain = picture.convert("RGB")
        turned = Image.Exif()
        turned[0x0112] = 6
        found += [
            encoded(plain, "JPEG", quality=60), encoded(plain, "JPEG", quality=60, progressive=True, exif=turned),
            encoded(plain.convert("L"), "JPEG"), encoded(plain.convert("CMYK"), "JPEG"), encoded(plain, "JPEG", restart_marker_blocks=2),
            encoded(plain, "PNG"), encoded(plain.quantize(12), "PNG", transparency=0), encoded(plain.convert("L"), "PNG"),
            encoded(plain.convert("1"), "PNG"), encoded(plain.convert("L").convert("I;16"), "PNG"), encoded(picture.convert("RGBA"), "PNG"),
            encoded(plain, "WEBP", quality=50), encoded(plain, "WEBP", lossless=True), encoded(picture.convert("RGBA"), "WEBP", quality=50, exif=turned),
            encoded(plain, "WEBP", save_all=True, append_images=[plain.rotate(90)]), encoded(plain, "PNG", save_all=True, append_images=[plain.rotate(90)]),
        ]
    fixtures = REPOSITORY / "inference" / "image" / "tests" / "fixtures"
    return found + [path.read_bytes() for path in sorted(fixtures.iterdir())]


def options() -> list[bytes]:
    listed = json.loads((EVENTS / "container" / "options.json").read_text())
    refused = [{name: value} for name, values in listed["refused"].items() for value in values]
    more = [{"resolution": 64, "threshold": 1, "exact": True}, {"generation": f"gen_{ID}", "trace": "1-67891233-abcdef012345678912345678"}]
    return [json.dumps({"v": 1, **one}).encode() for one in [listed["defaults"], *listed["taken"], *refused, *more]]


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def sides(values: list[int]) -> bytes:
    return b"(" + b"".join(b"K" + bytes([value]) for value in values) + b"t"


def pickled(entries: list[tuple]) -> bytes:
    """A state dict as PyTorch pickles it; each storage has six numbers."""
    found = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01("
    for name, storage, first, shape, strides in entries:
        found += text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + b"ctorch\nFloatStorage\n" + text(storage)
        found += text("cpu") + b"K\x06tQK" + bytes([first]) + sides(shape) + sides(strides) + b"\x89h\x00)RtR"
    return found + b"u."


def archive(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as writer:
        for name, content in files.items():
            writer.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def pickles() -> list[bytes]:
    golden = zipfile.ZipFile(REPOSITORY / "inference" / "triposr" / "tests" / "golden" / "model.ckpt").read("model/data.pkl")
    return [pickled([("a.weight", "0", 0, [2, 3], [3, 1]), ("b", "1", 2, [4], [1])]), pickled([("state_dict", "0", 0, [6], [1])]), golden]


def checkpoints() -> list[bytes]:
    numbers = struct.pack("<6f", *range(6))
    return [archive({"any/data.pkl": one, "any/byteorder": b"little", "any/data/0": numbers, "any/data/1": numbers}) for one in pickles()]


def safetensors() -> list[bytes]:
    tables = [
        {"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [24, 28]}},
        {"__metadata__": {"format": "pt"}, "a": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]}},
        {"a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}},
    ]
    found = []
    for table in tables:
        head = json.dumps(table).encode()
        found.append(struct.pack("<Q", len(head)) + head + bytes(28))
    return found


def configurations() -> list[bytes]:
    tests = REPOSITORY / "inference" / "triposr" / "tests"
    more = b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    return [(tests / "official.yaml").read_bytes(), (tests / "golden" / "config.yaml").read_bytes(), more]


def described(description: dict, binary: bytes) -> bytes:
    """As `glb.rs` takes a file apart."""
    head = json.dumps({"asset": {"version": "2.0"}, **description}).encode()
    return struct.pack("<H", len(head)) + head + binary


def models() -> list[bytes]:
    places = struct.pack("<12f", 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1)
    corners = struct.pack("<12H", 0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3)
    points = struct.pack("<8f", 0, 0, 1, 0, 0, 1, 1, 1)
    colours = bytes(range(16))
    picture = encoded(Image.new("RGB", (4, 4), (200, 100, 50)), "PNG")
    parts = [places, corners, points, colours, picture]
    starts = [sum(len(part) for part in parts[:place]) for place in range(len(parts))]
    views = [{"buffer": 0, "byteOffset": start, "byteLength": len(part)} for start, part in zip(starts, parts)]
    accessors = [
        {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3"}, {"bufferView": 1, "componentType": 5123, "count": 12, "type": "SCALAR"},
        {"bufferView": 2, "componentType": 5126, "count": 4, "type": "VEC2"},
        {"bufferView": 3, "componentType": 5121, "normalized": True, "count": 4, "type": "VEC4"},
    ]
    common = {"scene": 0, "scenes": [{"nodes": [0]}], "buffers": [{"byteLength": sum(map(len, parts))}], "bufferViews": views, "accessors": accessors}
    textured = {"images": [{"bufferView": 4, "mimeType": "image/png"}], "samplers": [{"wrapS": 10497}], "textures": [{"source": 0, "sampler": 0}],
                "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "baseColorFactor": [1, 0.5, 1, 1]}}]}
    found = []
    for attributes, more in [({"COLOR_0": 3}, {}), ({"TEXCOORD_0": 2}, textured), ({}, {}), ({"TEXCOORD_0": 2, "COLOR_0": 3}, textured)]:
        primitive = {"attributes": {"POSITION": 0, **attributes}, "indices": 1, "material": 0 if more else None}
        primitive = {name: value for name, value in primitive.items() if value is not None}
        for node in [{"mesh": 0}, {"mesh": 0, "scale": [2, 2, -2], "rotation": [0, 0, 0, 1]}, {"mesh": 0, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 3, 0, 0, 1]}]:
            found.append(described({**common, **more, "nodes": [node], "meshes": [{"primitives": [primitive, primitive]}]}, b"".join(parts)))
    return found


def events() -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(EVENTS.rglob("*.json")) if "requestContext" in path.read_text()]


def bodies() -> list[bytes]:
    paths = json.loads((REPOSITORY / "shared" / "api" / "openapi.json").read_text())["paths"]
    found = []
    for which, (method, path) in enumerate(BODIES):
        content = paths[path][method]["requestBody"]["content"]["application/json"]
        examples = [one["value"] for one in content.get("examples", {}).values()] or [content["example"]]
        found += [bytes([which]) + json.dumps(one).encode() for one in examples]
        found += [bytes([which]) + json.dumps({**one, "a/b": {"c": 1}}).encode() for one in examples]
    return found


def forms() -> list[bytes]:
    part = 'Content-Disposition: form-data; name="{}"; filename="f"\r\n\r\n{}\r\n'
    file, chosen, other = part.format("file", "bytes"), part.format("options", '{"faces":500}'), part.format("colour", "red")
    lists = [[file], [file, chosen], [chosen], [file, file], [file, other], []]
    return [("x\n" + "".join(f"--x\r\n{one}" for one in parts) + "--x--\r\n").encode() for parts in lists]


def stripe() -> list[bytes]:
    acct, marks = f"acct_{ID}", {"acct": f"acct_{ID}", "product": "starter@1"}
    objects = {
        "checkout.session.completed": {"id": "cs_1", "mode": "payment", "payment_status": "paid", "client_reference_id": acct, "metadata": marks,
                                       "amount_total": 900, "currency": "eur", "payment_intent": "pi_1", "customer": "cus_1"},
        "checkout.session.expired": {"id": "cs_1", "mode": "payment", "payment_status": "unpaid", "metadata": marks},
        "checkout.session.async_payment_failed": {"id": "cs_1", "mode": "subscription", "payment_status": "unpaid", "invoice": {"id": "in_1"}},
        "invoice.paid": {"id": "in_1", "billing_reason": "subscription_cycle", "amount_paid": 1900, "currency": "eur",
                         "parent": {"subscription_details": {"metadata": {"acct": acct, "product": "monthly@1"}}}},
        "invoice_payment.paid": {"invoice": "in_1", "payment": {"payment_intent": {"id": "pi_1"}}},
        "charge.refunded": {"payment_intent": "pi_1", "amount_refunded": 5},
        "charge.dispute.closed": {"id": "dp_1", "payment_intent": "pi_1", "status": "won"},
        "customer.subscription.updated": {"id": "sub_1", "status": "active", "cancel_at_period_end": True, "metadata": marks,
                                          "items": {"data": [{"current_period_end": 1790000000}]}},
        "refund.failed": {},
    }
    made = [{"id": "evt_1", "type": kind, "livemode": False, "created": 1790000000, "data": {"object": one}} for kind, one in objects.items()]
    brought = [event["body"] for event in events() if "body" in event and "stripe" in event["rawPath"]]
    return [json.dumps(one).encode() for one in made] + [body.encode() for body in brought]


def messages() -> list[bytes]:
    batches = [path.read_bytes() for path in sorted(EVENTS.rglob("message.json"))]
    return batches + [json.loads(batch)["Records"][0]["body"].encode() for batch in batches]


def answers() -> list[bytes]:
    report = b'{"v":1,"engine":"relief","model":{"faces":12}}'
    whole = {"model.glb": b"glTF", "preview.webp": b"RIFF", "turntable.webp": b"RIFF", "report.json": report}
    return [archive(whole), archive({**whole, "model.glb": b""}), archive({"model.glb": b"x"}), archive({**whole, "report.json": b"{}"})]


def names() -> list[bytes]:
    kinds = ["acct_", "evt_", "exp_", "gen_", "ses_", "upl_", "usr_", "whk_"]
    more = ["i3d_live_4gT9xQ2b_0123456789abcdefghijABCDEFGHIJ01_00000000", "i3d_test_", "relief", "QUEUED", "image/png", "4gT9xQ2b"]
    return [f"{kind}{ID}".encode() for kind in kinds] + [one.encode() for one in more]


def cookies() -> list[bytes]:
    """The two that `token.rs` signs, and one with another signature."""
    def signed(claims: dict) -> bytes:
        coded = [base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).rstrip(b"=") for part in ({"typ": "JWT", "alg": "HS256", "kid": "one"}, claims)]
        text = b".".join(coded)
        return text + b"." + base64.urlsafe_b64encode(hmac.digest(bytes([7] * 32), text, "sha256")).rstrip(b"=")

    session = signed({"aud": "session", "exp": 1790000000 + 30 * 86400, "sub": f"usr_{ID}", "sid": f"ses_{ID}", "turn": 0})
    flow = signed({"aud": "sign-in", "exp": 1790000000 + 600, "state": "s", "nonce": "n", "verifier": "v", "return_to": "/"})
    return [session, flow, session[:-2]]


def addresses() -> list[bytes]:
    lines = ["https://example.com/cup.jpg", "https://127.0.0.1/", "https://0x7f.1/", "https://2130706433/", "https://[::1]/", "https://[2606:4700::1]/",
             "https://[::ffff:127.0.0.1]/", "http://127.0.0.1:8302/x", "https://a:b@example.com/", "https://example.com:444/", "https://93.184.215.14/\n//10.0.0.1/",
             "https://example.com/\nhttp://127.0.0.1:8302/", "https://①②⑦.0.0.1/", "https://example.com./", "https://xn--bcher-kva.example/"]
    return [line.encode() for line in lines] + [bytes([10, 0, 0, 1]), bytes([0x20, 0x01, 0x0d, 0xb8] + [0] * 12)]


def seeds() -> dict[str, list[bytes]]:
    known = Path(__file__).parent / "service" / "src" / "known"
    token, keys = (known / "id-token.txt").read_bytes(), (known / "keys.json").read_bytes()
    uploads = [json.dumps({"content_type": f"image/{kind}", "bytes": 70000, "sha256": "A" * 43 + "="}).encode() for kind in ("png", "jpeg", "webp")]
    return {
        "photo": photos(), "head": photos(), "frame": [bytes([40, 30, 85, 60, *range(0, 256, 8)]), bytes([8, 8, 100, 4, 255]), bytes([200, 1, 50, 255, 0, 255])],
        "options": options(), "checkpoint": checkpoints(), "pickle": pickles(), "safetensors": safetensors(), "config": configurations(), "glb": models(),
        "address": addresses(), "body": bodies(), "form": forms(), "message": messages(), "name": names(), "post_policy": uploads, "results": answers(),
        "request": [json.dumps(event).encode() for event in events()], "stripe_event": stripe(), "id_token": [token, token[:-2], b"e30.e30."], "key_set": [keys],
        "return_path": [b"/account", b"//evil.example", b"/\\evil.example", b"/a?b=c#d", b"/%2f/x"], "cookie": cookies(),
        "event_stream": ["two\nlines: and a\u2028separator".encode(), b"data: x\r\n\r\n"],
        "stripe_signature": [b"t=1790000000,v1=f63dd03312a395593aa67086c4d65043d6942243d85827a8ba06cbadef03cee7\n{\"id\":\"evt_1\"}", b"t=1790000000, v1=" + b"ab" * 32 + b",v0=ff\n{}"],
    }


def main() -> None:
    for name, inputs in seeds().items():
        folder = Path(sys.argv[1]) / name
        folder.mkdir(parents=True, exist_ok=True)
        for place, content in enumerate(inputs):
            (folder / f"seed-{place:03}").write_bytes(content)


if __name__ == "__main__":
    main()
