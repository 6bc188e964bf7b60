"""The kinds of files that are received; read by the process that looks into them too: no Django."""

IMAGE = "jpg"  # whatever an image was, it is written again as this
WIDTHS = [480, 960, 1600]  # pixels; the last is the widest that is kept
# {extension: its type}
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
SHOWN = {"pdf", IMAGE}  # by the browser itself; the others are saved
NOT_RECEIVED = "Ce fichier n’est pas reçu."
# What was found of how it reads aloud.
READABLE, UNTAGGED, NO_LANGUAGE = "oui", "non_balise", "sans_langue"
IMAGE_ONLY, UNKNOWN = "image_seule", "inconnu"


def kept_widths(width):
    """Those of the copies of an image this wide, itself last."""
    return [smaller for smaller in WIDTHS if smaller < width] + [width]


def weight(size):
    """« 310 Ko », « 2,4 Mo »: as phones and computers say it."""
    if size < 1000:
        return f"{size} octet{'s' * (size > 1)}"
    if size < 999_500:
        return f"{round(size / 1000)}\N{NO-BREAK SPACE}Ko"
    told = f"{size / 1_000_000:.1f}".removesuffix(".0").replace(".", ",")
    return f"{told}\N{NO-BREAK SPACE}Mo"
