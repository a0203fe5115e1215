"""Makes the files of this folder: small images in every format with the pixels that Pillow reads from them, and
resized images. Run: python -m pip install pillow==13.0.0 numpy && python make.py

formats.json: per file its width, height, channels and, in base64 of zlib, the expected 8-bit pixels.
resize.json: per case the input, size, filter and expected output, in the same coding.
Colors are composited on white and 16 bits scaled to 8 here, with NumPy, as the rules of the project say.
"""

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

here = Path(__file__).parent
files = here / "files"
files.mkdir(exist_ok=True)
random = np.random.default_rng(20240601)
formats = []
resized = []


def pack(array):
    return base64.b64encode(zlib.compress(np.ascontiguousarray(array, dtype=np.uint8).tobytes(), 9)).decode()


def on_white(color, alpha):
    color, alpha = color.astype(np.int64), alpha.astype(np.int64)[..., None]
    return ((color * alpha + 255 * (255 - alpha)) * 2 + 255) // 510


def eight(values, bits=16):
    largest = 2**bits - 1
    return (values.astype(np.int64) * 255 * 2 + largest) // (2 * largest)


def keep(name, data, pixels):
    (files / name).write_bytes(data)
    pixels = np.asarray(pixels)
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else 3
    formats.append(dict(name=name, width=width, height=height, channels=channels, pixels=pack(pixels)))


def save(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def read(data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    return np.asarray(image if image.mode == "L" else image.convert("RGB"))


def picture(width, height):
    """A smooth picture with edges and some noise."""
    y, x = np.mgrid[0:height, 0:width]
    rings = 127 + 120 * np.sin(np.hypot(x - width / 3, y - height / 2) / 3.0)
    planes = [rings, 255 * x / max(1, width - 1), 255 * ((x // 5 + y // 4) % 2)]
    noise = random.integers(-12, 13, (height, width, 3))
    return np.clip(np.stack(planes, -1) + noise, 0, 255).astype(np.uint8)


# --- PNG: written here chunk by chunk, since Pillow writes neither interlaced nor every depth -------------------------

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack_row(row, depth):
    flat = row.reshape(-1)
    if depth == 16:
        return flat.astype(">u2").tobytes()
    if depth == 8:
        return flat.astype(np.uint8).tobytes()
    bits = ((flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
    return np.packbits(bits.reshape(-1)).tobytes()


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filter_row(row, above, step, kind):
    out = bytearray([kind])
    for i, value in enumerate(row):
        a = row[i - step] if i >= step else 0
        c = above[i - step] if i >= step else 0
        b = above[i]
        guess = [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]
        out.append((value - guess) & 255)
    return bytes(out)


def png(values, depth, color_type, interlaced=False, extra=b""):
    height, width = values.shape[:2]
    samples = 1 if values.ndim == 2 else values.shape[2]
    step = max(1, depth * samples // 8)
    raw = b""
    kind = 0
    for left, top, dx, dy in PASSES if interlaced else [(0, 0, 1, 1)]:
        part = values[top::dy, left::dx]
        if part.size == 0:
            continue
        above = bytes(len(pack_row(part[0], depth)))
        for row in part:
            packed = pack_row(row, depth)
            raw += filter_row(packed, above, step, kind % 5)
            above = packed
            kind += 1
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    half = zlib.compress(raw, 9)
    cut = len(half) // 2
    body = chunk(b"IDAT", half[:cut]) + chunk(b"IDAT", half[cut:])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + body + chunk(b"IEND", b"")


def make_png():
    for interlaced in (False, True):
        suffix = "-interlaced" if interlaced else ""
        for depth in (1, 2, 4, 8, 16):
            values = random.integers(0, 2**depth, (11, 13))
            keep(f"grey-{depth}{suffix}.png", png(values, depth, 0, interlaced), eight(values, depth))
            if depth < 16:
                colors = random.integers(0, 256, (2**depth, 3)).astype(np.uint8)
                alphas = random.integers(0, 256, 2**depth - 1 if depth > 1 else 1).astype(np.uint8)
                palette = chunk(b"PLTE", colors.tobytes())
                keep(f"palette-{depth}{suffix}.png", png(values, depth, 3, interlaced, palette), colors[values])
                alpha = np.full(2**depth, 255, np.uint8)
                alpha[: len(alphas)] = alphas
                both = palette + chunk(b"tRNS", alphas.tobytes())
                expected = on_white(colors[values], alpha[values])
                keep(f"palette-alpha-{depth}{suffix}.png", png(values, depth, 3, interlaced, both), expected)
        for depth in (8, 16):
            rgba = random.integers(0, 2**depth, (9, 10, 4))
            eights = eight(rgba, depth)
            keep(f"rgb-{depth}{suffix}.png", png(rgba[..., :3], depth, 2, interlaced), eights[..., :3])
            keep(f"rgba-{depth}{suffix}.png", png(rgba, depth, 6, interlaced), on_white(eights[..., :3], eights[..., 3]))
            grey = on_white(eights[..., :1], eights[..., 3])[..., 0]
            keep(f"grey-alpha-{depth}{suffix}.png", png(rgba[..., [0, 3]], depth, 4, interlaced), grey)
    grey = random.integers(0, 4, (6, 7))
    clear = np.where(grey == 2, 255, eight(grey, 2))
    keep("grey-2-transparent.png", png(grey, 2, 0, extra=chunk(b"tRNS", struct.pack(">H", 2))), clear)
    rgb = random.integers(0, 2, (6, 7, 3)) * 200
    clear = np.where((rgb == [200, 0, 200]).all(-1)[..., None], 255, rgb)
    keep("rgb-8-transparent.png", png(rgb, 8, 2, extra=chunk(b"tRNS", struct.pack(">3H", 200, 0, 200))), clear)
    for side in ((1, 1), (1, 9), (9, 1), (3, 2)):
        rgb = random.integers(0, 256, (*side, 3))
        keep(f"rgb-8-interlaced-{side[1]}x{side[0]}.png", png(rgb, 8, 2, True), rgb)


# --- JPEG, WebP and TIFF: written and read back by Pillow ------------------------------------------------------------


def make_jpeg():
    for width, height in ((1, 1), (2, 5), (17, 9), (33, 24)):
        image = Image.fromarray(picture(width, height))
        for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
            for progressive in (False, True):
                name = f"{width}x{height}-{subsampling.replace(':', '')}{'-progressive' if progressive else ''}.jpg"
                data = save(image, "JPEG", quality=85, subsampling=subsampling, progressive=progressive)
                keep(name, data, read(data))
    image = Image.fromarray(picture(40, 30))
    for name, changed, options in (
        ("grey", image.convert("L"), {}),
        ("grey-progressive", image.convert("L"), dict(progressive=True)),
        ("cmyk", image.convert("CMYK"), {}),
        ("cmyk-progressive", image.convert("CMYK"), dict(progressive=True)),
        ("rgb", image, dict(keep_rgb=True)),
        ("restart", image, dict(restart_marker_blocks=2)),
        ("restart-progressive", image, dict(restart_marker_blocks=3, progressive=True)),
        ("best", image, dict(quality=100)),
        ("worst", image, dict(quality=3)),
    ):
        data = save(changed, "JPEG", **options)
        keep(f"{name}.jpg", data, read(data))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[274] = orientation
        data = save(Image.fromarray(picture(19, 12)), "JPEG", exif=exif)
        keep(f"orientation-{orientation}.jpg", data, read(data))


def make_webp():
    image = Image.fromarray(picture(21, 14))
    for name, options in (("lossy", dict(quality=70)), ("lossless", dict(lossless=True))):
        data = save(image, "WEBP", **options)
        keep(f"{name}.webp", data, read(data))
    rgba = np.dstack([picture(21, 14), random.integers(0, 256, (14, 21)).astype(np.uint8)])
    data = save(Image.fromarray(rgba), "WEBP", lossless=True, exact=True)
    keep("alpha.webp", data, on_white(rgba[..., :3], rgba[..., 3]))
    exif = Image.Exif()
    exif[274] = 6
    data = save(image, "WEBP", lossless=True, exif=exif)
    keep("orientation-6.webp", data, read(data))


def make_tiff():
    color = picture(23, 15)
    grey = color[..., 0]
    alpha = random.integers(1, 256, grey.shape).astype(np.uint8)
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate"):
        suffix = f"-{compression[5:]}" if compression else ""
        options = dict(compression=compression, **({"tiffinfo": {317: 2}} if compression else {}))
        keep(f"rgb{suffix}.tif", save(Image.fromarray(color), "TIFF", **options), color)
        keep(f"grey{suffix}.tif", save(Image.fromarray(grey), "TIFF", compression=compression), grey)
        rgba = Image.fromarray(np.dstack([color, alpha]))
        keep(f"rgba{suffix}.tif", save(rgba, "TIFF", compression=compression), on_white(color, alpha))
    bits = grey > 100
    keep("bits.tif", save(Image.fromarray(bits), "TIFF"), bits * 255)
    deep = random.integers(0, 65536, (7, 9)).astype(np.uint16)
    keep("grey-16.tif", save(Image.fromarray(deep), "TIFF"), eight(deep))
    palette = Image.fromarray(color).quantize(16)
    keep("palette.tif", save(palette, "TIFF"), np.asarray(palette.convert("RGB")))
    for orientation in (3, 6):
        data = save(Image.fromarray(color), "TIFF", tiffinfo={274: orientation})
        keep(f"orientation-{orientation}.tif", data, read(data))


# --- BMP: Pillow writes few kinds, so headers are written here -------------------------------------------------------


def bmp(rows, width, height, bits, compression=0, palette=b"", masks=b"", header=40):
    body = b"".join(row + bytes(-len(row) % 4) for row in rows)
    info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(body), 0, 0, len(palette) // 4, 0)
    info += masks[: header - 40] + bytes(header - 40 - len(masks[: header - 40])) if header > 40 else masks
    offset = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + info + palette + body


def make_bmp():
    color = picture(13, 7)
    bgr = color[..., ::-1]
    image = Image.fromarray(color)
    for name, changed in (("24", image), ("8-grey", image.convert("L")), ("1", image.convert("1")), ("8", image.quantize(200))):
        data = save(changed, "BMP")
        expected = np.asarray(changed.convert("L" if changed.mode in "L1" else "RGB"))
        keep(f"{name}.bmp", data, expected)
    up = [row.tobytes() for row in bgr[::-1]]
    keep("24-up.bmp", bmp(up, 13, 7, 24), color)
    keep("24-down.bmp", bmp(up[::-1], 13, -7, 24), color)
    indices = random.integers(0, 16, (7, 13)).astype(np.uint8)
    entries = random.integers(0, 256, (16, 4)).astype(np.uint8)
    rows = [pack_row(row, 4) for row in indices]
    keep("4-down.bmp", bmp(rows, 13, -7, 4, palette=entries.tobytes()), entries[indices][..., 2::-1])
    padded = np.dstack([bgr, np.zeros((7, 13), np.uint8)])
    keep("32-down.bmp", bmp([row.tobytes() for row in padded], 13, -7, 32), color)
    alpha = random.integers(0, 256, (7, 13)).astype(np.uint8)
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    rows = [row.tobytes() for row in np.dstack([bgr, alpha])[::-1]]
    keep("32-alpha.bmp", bmp(rows, 13, 7, 32, 3, masks=masks, header=108), on_white(color, alpha))
    words = random.integers(0, 65536, (7, 13)).astype("<u2")
    five = np.dstack([eight((words >> 10) & 31, 5), eight((words >> 5) & 31, 5), eight(words & 31, 5)])
    keep("16.bmp", bmp([row.tobytes() for row in words[::-1]], 13, 7, 16), five)
    six = np.dstack([eight(words >> 11, 5), eight((words >> 5) & 63, 6), eight(words & 31, 5)])
    masks = struct.pack("<III", 0xF800, 0x7E0, 0x1F)
    keep("16-565.bmp", bmp([row.tobytes() for row in words[::-1]], 13, 7, 16, 3, masks=masks), six)
    body = b"".join(row + bytes(-len(row) % 4) for row in up)
    core = b"BM" + struct.pack("<IHHI", 26 + len(body), 0, 0, 26) + struct.pack("<IHHHH", 12, 13, 7, 1, 24)
    keep("24-core.bmp", core + body, color)


# --- resizing --------------------------------------------------------------------------------------------------------

FILTERS = dict(nearest=Image.NEAREST, bilinear=Image.BILINEAR, bicubic=Image.BICUBIC)


def make_resize():
    sizes = [
        (1, 1, 1, 1), (1, 1, 5, 3), (4, 1, 8, 1), (8, 1, 4, 1), (8, 1, 3, 1), (1, 9, 1, 4), (9, 1, 1, 1), (1, 40, 20, 1),
        (40, 1, 1, 20), (2, 2, 3, 3), (3, 5, 5, 3), (12, 12, 12, 7), (12, 12, 7, 12), (9, 7, 24, 19), (19, 24, 7, 9),
        (8, 8, 32, 32), (32, 24, 8, 6), (7, 50, 7, 4), (10, 50, 8, 6), (50, 10, 6, 8), (17, 16, 16, 17),
    ]
    for width, height, to_width, to_height in sizes:
        for name, kind in FILTERS.items():
            for channels in (1, 3):
                pixels = random.integers(0, 256, (height, width, channels)).astype(np.uint8)
                if (width + height + channels) % 3 == 0:
                    pixels = (pixels > 127).astype(np.uint8) * 255
                pixels = pixels[..., 0] if channels == 1 else pixels
                out = np.asarray(Image.fromarray(pixels).resize((to_width, to_height), kind))
                resized.append(
                    dict(width=width, height=height, channels=channels, toWidth=to_width, toHeight=to_height,
                         filter=name, input=pack(pixels), output=pack(out))
                )


make_png()
make_jpeg()
make_webp()
make_tiff()
make_bmp()
make_resize()
(here / "formats.json").write_text("[\n" + ",\n".join(map(json.dumps, formats)) + "\n]\n")
(here / "resize.json").write_text("[\n" + ",\n".join(map(json.dumps, resized)) + "\n]\n")
