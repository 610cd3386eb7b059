"""Bad photos, made here: each breaks one rule."""

import io
import struct
import zlib

from PIL import Image


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, more: bytes = b"", bit_depth: int = 8, colour: int = 2, data: bytes | None = None) -> bytes:
    """A PNG of one colour; with `data`, of whatever is in it."""
    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour, 0, 0, 0)
    row = b"\0" + b"\0" * ((width * bit_depth * (3 if colour == 2 else 1) + 7) // 8)
    body = zlib.compress(row * height, 9) if data is None else data
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def saved(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def frames() -> tuple[Image.Image, Image.Image]:
    return Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")


def animated(kind: str) -> bytes:
    first, second = frames()
    return saved(first, kind, save_all=True, append_images=[second], duration=100)


def noise(side: int) -> Image.Image:
    return Image.effect_noise((side, side), 80).convert("RGB")


def bomb() -> bytes:
    """A few kilobytes that claim 30,000 × 30,000 pixels and really hold them: 113 MB of one-bit rows."""
    side = 30_000
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + side // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png(side, side, bit_depth=1, colour=0, data=data)


def text_bomb() -> bytes:
    """A picture of 64 × 64 whose compressed text grows to 200 MB."""
    packer = zlib.compressobj(9)
    text = b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(200)) + packer.flush()
    return png(64, 64, more=chunk(b"zTXt", b"Comment\0\0" + text))


# Refused when the model is asked for: name, bytes, announced type, problem.
REFUSED = [
    ("not an image", lambda: b"This is a letter, not a picture. " * 9, "image/png", "photo-not-an-image"),
    ("a GIF", lambda: saved(frames()[0], "GIF"), "image/png", "photo-not-an-image"),
    ("a PNG announced as JPEG", lambda: png(64, 64), "image/jpeg", "photo-type-mismatch"),
    ("0 × 0 pixels", lambda: png(0, 0), "image/png", "photo-too-many-pixels"),
    ("1 × 1 pixel", lambda: png(1, 1), "image/png", "photo-too-many-pixels"),
    ("20,000 × 20,000 pixels", lambda: png(20_000, 20_000, data=b"x"), "image/png", "photo-too-many-pixels"),
    ("a decompression bomb", bomb, "image/png", "photo-too-many-pixels"),
    ("an animated PNG", lambda: animated("PNG"), "image/png", "photo-animated"),
    ("an animated WebP", lambda: animated("WEBP"), "image/webp", "photo-animated"),
    ("a header cut short", lambda: png(64, 64)[:20], "image/png", "photo-truncated"),
]

# Found out when the photo is decoded: the generation fails and the credits come back.
FAILED = [
    ("a JPEG cut in half", lambda: saved(noise(256), "JPEG")[:9_000], "image/jpeg", "photo-truncated"),
    ("a PNG cut in half", lambda: saved(noise(256), "PNG")[:50_000], "image/png", "photo-truncated"),
    ("a PNG whose rows are rubbish", lambda: png(64, 64, data=b"rubbish" * 9), "image/png", "photo-not-an-image"),
    ("nothing but transparency", lambda: saved(Image.new("RGBA", (128, 128), (0, 0, 0, 0)), "PNG"), "image/png", "photo-no-object"),
]


def dots() -> bytes:
    """36 squares that do not touch: the shape needs at least four faces for each."""
    tile = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    tile.paste((200, 80, 40, 255), (20, 20, 80, 80))
    picture = Image.new("RGBA", (600, 600))
    for place in range(36):
        picture.paste(tile, (place % 6 * 100, place // 6 * 100))
    return saved(picture, "PNG")
