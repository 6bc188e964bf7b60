"""QR codes as SVG drawn in the page: no image asked for, read dark on light in print too."""

from itertools import groupby

from django.utils.html import format_html
from qrcode import QRCode

SVG = '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}"><path d="{2}"/></svg>'


def drawing(content, label):
    code = QRCode(border=4)
    code.add_data(content)
    matrix = code.get_matrix()
    return format_html(SVG, len(matrix), label, "".join(squares(matrix)))


def squares(matrix):
    """The dark squares as one path, a rectangle for each run of a line."""
    for y, line in enumerate(matrix):
        x = 0
        for dark, run in groupby(line):
            width = len([*run])
            if dark:
                yield f"M{x} {y}h{width}v1h-{width}z"
            x += width
