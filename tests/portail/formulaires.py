"""The forms of a page as a browser would send them, read from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
QUESTIONS = {"input", "select", "textarea"}
CHOSEN = {"select", "radio", "checkbox"}


class Node:
    def __init__(self, tag, attrs, parent):
        self.tag, self.attrs, self.parent, self.children = tag, dict(attrs), parent, []

    def __iter__(self):
        """Itself and what it holds, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child

    @property
    def text(self):
        parts = (c if isinstance(c, str) else c.text for c in self.children)
        return "".join(parts)


class Tree(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.root = self.here = Node("", {}, None)
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        node = Node(tag, attrs, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_endtag(self, tag):
        node = self.here
        while node and node.tag != tag:
            node = node.parent
        self.here = node.parent if node else self.here

    def handle_data(self, data):
        self.here.children.append(data)


@dataclass
class Question:
    """One name of a form: its kind, what it holds, what may be chosen, what is told beside it."""

    name: str
    kind: str
    values: list = field(default_factory=list)
    choices: list = field(default_factory=list)
    invalid: bool = False
    told: str = ""


@dataclass
class Form:
    method: str
    path: str
    questions: dict
    buttons: list  # (name, value) of each

    @property
    def names(self):
        return {*self.questions, *(name for name, _ in self.buttons)}


def read(page, path):
    """The forms of a page found at this path, those that ask nothing left out."""
    root = Tree(page).root
    by_id = {node.attrs["id"]: node for node in root if node.attrs.get("id")}
    forms = [form_of(node, by_id, root, path) for node in root if node.tag == "form"]
    return [form for form in forms if form.names]


def form_of(form, by_id, root, path):
    outside = [node for node in root if node.attrs.get("form") == form.attrs.get("id", "-")]
    questions, buttons = {}, []
    for node in [*form, *outside]:
        name, kind = node.attrs.get("name"), node.attrs.get("type", node.tag)
        if not name or name == "csrfmiddlewaretoken" or within_template(node):
            continue
        if node.tag == "button" or kind == "submit":
            buttons.append((name, node.attrs.get("value", "")))
        elif node.tag in QUESTIONS:
            question = questions.setdefault(name, Question(name, kind))
            fill(question, node, by_id)
    target = urljoin(path, (form.attrs.get("action") or path).partition("#")[0])
    return Form(form.attrs.get("method", "get").lower(), target, questions, buttons)


def within_template(node):
    while node := node.parent:
        if node.tag == "template":
            return True
    return False


def fill(question, node, by_id):
    near = [node, *(up for up in ancestors(node) if up.tag == "fieldset")]
    ids = [key for n in near for key in n.attrs.get("aria-describedby", "").split()]
    question.told = question.told or " ".join(by_id[key].text for key in ids if key in by_id)
    question.invalid |= any(n.attrs.get("aria-invalid") == "true" for n in near)
    value = node.attrs.get("value") or ""
    if node.tag == "select":
        options = [option for option in node if option.tag == "option"]
        question.choices = [option.attrs.get("value", option.text) for option in options]
        question.values = [o.attrs.get("value", "") for o in options if "selected" in o.attrs]
    elif question.kind in CHOSEN:
        question.choices.append(value or "on")
        question.values += [value or "on"] if "checked" in node.attrs else []
    else:
        text = node.text.removeprefix("\r").removeprefix("\n")
        question.values = [text if node.tag == "textarea" else value]


def ancestors(node):
    while node := node.parent:
        yield node
