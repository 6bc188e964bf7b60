"""Tables for a French spreadsheet: what they hold is text, and computes nothing."""

import csv
import io
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import escape

from maisons import heures

MARK = "\ufeff"  # French spreadsheets then read UTF-8
# What a spreadsheet takes for a formula at the start of a cell, wide signs too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 40


def inert(text):
    """A text that no spreadsheet takes for a formula; `plain` gives it back as it was."""
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def plain(cell):
    """What a cell of such a file held before it was made inert."""
    return cell[1:] if cell.startswith("'") else cell


def written(value):
    """A day as one writes it in France; all the rest as text."""
    if isinstance(value, datetime):
        return f"{heures.local(value):%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def as_csv(header, rows):
    """Semicolons, a byte order mark, cells that compute nothing."""
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sheet.writerow(header)
    sheet.writerows([inert(written(value)) for value in row] for row in rows)
    return MARK + out.getvalue()


def as_xlsx(title, header, rows):
    """One sheet of texts: a cell that begins like a formula stays a text, sign for sign."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    table = [[written(value) for value in row] for row in rows]
    for rank, name in enumerate(header):
        longest = max([len(name), *(len(row[rank]) for row in table)])
        letter = get_column_letter(rank + 1)
        sheet.column_dimensions[letter].width = min(longest + 2, WIDEST)
    sheet.freeze_panes = "A2"
    sheet.append([text_cell(sheet, name, bold=True) for name in header])
    for row in table:
        sheet.append([text_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_cell(sheet, text, bold=False):
    """Never a formula, whatever its first sign."""
    cell = WriteOnlyCell(sheet, value=escape(text))
    cell.data_type, cell.quotePrefix, cell.number_format = "s", True, "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
