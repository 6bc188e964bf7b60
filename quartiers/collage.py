"""
What a word processor leaves in a text that is pasted, made the Markdown of the same thing.

Bullets of any shape become « - », numbers keep theirs, levels follow from the bullets. What is
Markdown already stays as it is; HTML is text, which the page escapes.
"""

import re
import unicodedata

SPACE = "[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
BLANK = " \t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# Symbol fonts come as private letters: Wingdings and Symbol.
BULLETS = "•◦▪▫■□●○‣⁃∙➢➔➤✓✔❖\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc\uf076"
BULLET = re.compile(f"([{BULLETS}]){SPACE}*|([o–—·]){SPACE}+|(§){SPACE}*\t{SPACE}*")
NUMBER = re.compile(f"([0-9]{{1,9}})([.)°])({SPACE}+)")
LETTER = re.compile(f"([a-zA-Z][.)]){SPACE}*\t{SPACE}*")
DASH = re.compile(f"([-*+])({SPACE}+)")
MARKDOWN = re.compile(r"( *)(?:[-*+]|[0-9]{1,9}[.)]) ")
WIDE = re.compile(f"{SPACE}*\t{SPACE}*|{SPACE}{{2,}}")
BREAKS = re.compile("\r\n?|[\x1c-\x1e\x85\u2028\u2029\f]")
HIDDEN = {"\u200b", "\u2060", "\ufeff", "\u00ad"}


def clean(text):
    """The text as Markdown; cleaned once more it stays as it is."""
    page = Page()
    for line in BREAKS.sub("\n", text).replace("\v", " ").split("\n"):
        page.add("".join(sign for sign in line if sign == "\t" or is_shown(sign)).rstrip(BLANK))
    return "\n".join(page.lines)


def is_shown(sign):
    return unicodedata.category(sign) != "Cc" and sign not in HIDDEN


def tidy(text):
    return WIDE.sub(" ", text.strip(BLANK))


def pasted(bare):
    """(what tells its level, marker, text) of an item as a word processor writes it, or None."""
    if found := BULLET.match(bare):
        item = next(filter(None, found.groups())), "-", bare[found.end() :]
    elif (found := NUMBER.match(bare)) and (found[2] == "°" or found[3].strip(" ")):
        item = f"1{found[2]}", f"{found[1]}.", bare[found.end() :]
    elif found := LETTER.match(bare):
        item = f"a{found[1][1]}", "-", f"{found[1]} {bare[found.end() :]}"
    elif (found := DASH.match(bare)) and found[2].strip(" "):
        item = found[1], "-", bare[found.end() :]
    else:
        return None
    return item if item[2] else None


class Page:
    """The lines so far; `levels` are those of the pasted list that goes on: (kind, width)."""

    def __init__(self):
        self.lines, self.levels, self.blank, self.listed = [], [], False, False

    def add(self, line):
        bare = line.lstrip(BLANK)
        if not bare:
            self.blank = True
        elif item := pasted(bare):
            self.add_item(*item)
        elif found := MARKDOWN.match(line.expandtabs(4)):
            self.add_markdown(line.expandtabs(4), found)
        elif self.listed and not self.levels and line.startswith("  ") and bare == line.lstrip(" "):
            self.write(line[: -len(bare)] + tidy(bare))  # what an item of Markdown goes on with
        else:
            self.blank = self.blank or bool(self.levels)
            self.levels, self.listed = [], False
            self.write(tidy(bare))

    def add_item(self, kind, marker, text):
        known = [level for level, _ in self.levels]
        if kind in known:
            del self.levels[known.index(kind) :]
        indent = sum(width for _, width in self.levels)
        self.blank = not self.listed  # its items follow each other, after a blank line
        self.levels.append((kind, len(marker) + 1))
        self.listed = True
        self.write(f"{' ' * indent}{marker} {tidy(text)}")

    def add_markdown(self, line, found):
        indent = found[1] if self.listed else ""
        self.levels, self.listed = [], True
        self.write(f"{indent}{found[0].strip()} {tidy(line[found.end() :])}")

    def write(self, line):
        if self.blank and self.lines:
            self.lines.append("")
        self.lines.append(line)
        self.blank = False
