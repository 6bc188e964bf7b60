"""What staff write: a little Markdown, no HTML of theirs, links to the web, mail and telephone."""

from markdown_it import MarkdownIt

markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
MARKDOWN_HELP = (
    "Laissez une ligne vide entre deux paragraphes. « - » devant une ligne en fait une liste."
)
SCHEMES = {"http", "https", "mailto", "tel"}
