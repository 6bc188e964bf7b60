"""What a first visit to a page weighs, read from its source: nodes, files, EcoIndex."""

from functools import cache
from html.parser import HTMLParser
from urllib.request import Request, urlopen

from tests.navigateur.ecoindex import score

KILO = 1000  # bytes, as EcoIndex counts


class Source(HTMLParser):
    """Counts the elements of a page, a drawing as one, and notes the files that it asks for."""

    def __init__(self, text):
        super().__init__()
        self.nodes, self.inside, self.files = 0, 0, set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.nodes += not self.inside
        self.inside += tag == "svg"
        self.note(tag, dict(attrs))

    def handle_startendtag(self, tag, attrs):
        self.nodes += not self.inside
        self.note(tag, dict(attrs))

    def handle_endtag(self, tag):
        self.inside -= tag == "svg"

    def note(self, tag, said):
        if tag in ("script", "img"):
            self.files.add(said.get("src"))
        if tag == "link" and said.get("rel") in ("stylesheet", "icon"):
            self.files.add(said["href"])


def first_visit(port, answer):
    """The EcoIndex of an answer, its files fetched as a browser would; None if it is no page."""
    if answer.status != 200 or "content-type: text/html" not in answer.head.lower():
        return None
    page = Source(answer.body)
    files = [path for path in page.files if path and path.startswith("/")]
    size = len(answer.head) + len(answer.body.encode()) + sum(weight(port, path) for path in files)
    return score(page.nodes, 1 + len(files), size / KILO)


@cache
def weight(port, path):
    """Bytes on the line, compressed."""
    asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "br"})
    with urlopen(asked) as answer:
        return len(str(answer.headers)) + len(answer.read())
