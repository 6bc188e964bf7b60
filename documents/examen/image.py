"""An image: written again in several widths, upright, without what a camera says of its owner."""

from PIL import Image

from documents import formats
from documents.examen import Refused

PIXELS, SIDE = 60_000_000, 20_000  # the largest photo of a telephone has fifty million
HUGE = "Cette image est trop grande : réduisez-la à 4000 pixels de large, puis renvoyez-la."
WHITE = (255, 255, 255)
ORIENTATION = 0x0112  # of EXIF: how the camera was held
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read(path, folder, kind):
    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    with Image.open(path, formats=[kind]) as opened:
        width, height = opened.size
        if width * height > PIXELS or max(width, height) > SIDE:
            raise Refused(HUGE)
        widest = formats.WIDTHS[-1]
        opened.draft("RGB", (2 * widest, 2 * widest))  # a JPEG is decoded no larger than needed
        turn = UPRIGHT.get(opened.getexif().get(ORIENTATION))
        try:
            plain = flat(opened, 2 * widest)
        except MemoryError as error:
            raise Refused(HUGE) from error
    upright = plain.transpose(turn) if turn is not None else plain
    full = scaled(upright, min(upright.width, widest))
    for size in formats.kept_widths(full.width):
        scaled(full, size).save(
            folder / f"{size}.{formats.IMAGE}",
            "JPEG",
            quality=82,
            optimize=True,
            progressive=True,
        )
    return {
        "format": formats.IMAGE,
        "accessibilite": formats.READABLE,
        "largeur": full.width,
        "hauteur": full.height,
    }


def flat(opened, most):
    """
    Its colours alone, on white; no date, place, name of a camera or comment goes with them.

    Made smaller first, roughly: what follows costs by the pixel.
    """
    clear = "A" in opened.getbands() or "transparency" in opened.info
    found = opened.convert("RGBA" if clear else "RGB")
    if (times := min(found.size) // most) > 1:
        found = found.reduce(times)
    plain = Image.new("RGB", found.size, WHITE)
    plain.paste(found, mask=found.getchannel("A") if clear else None)
    return scaled(plain, min(plain.width, most))


def scaled(image, width):
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)
