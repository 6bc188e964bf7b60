"""What a browser sees of a page at its first visit, all measures of it at once."""

from collections import namedtuple
from urllib.parse import urlsplit

from tests.navigateur.gestes import open_page

SCREEN = {"width": 1920, "height": 1080}  # of the EcoIndex protocol
FACTS = """() => ({
    nodes: document.querySelectorAll("*").length - document.querySelectorAll("svg *").length,
    title: document.title,
    headings: [...document.querySelectorAll("h1")].map(heading => heading.innerText),
    foreign: [...document.querySelectorAll(
        "iframe:not([src^='/gestion/conseils/reunion/']), video, audio, canvas, object, " +
        "embed, [target=_blank], [style], " +
        "script:not([src], [type='application/ld+json'], [type='application/json'])"
    )].map(element => element.outerHTML.slice(0, 80)),
    buttons: [...document.querySelectorAll("button, .bouton")].map(button => button.innerText),
    posted: document.querySelectorAll("form[method=post]").length,
    language: document.documentElement.lang,
    footer: document.querySelector("footer").innerText,
})"""
# Waited for inside the page: what polls from outside is a text to run, which the policy refuses.
LOAD = """() => Promise.all([...document.images].map(image => {
    image.loading = "eager";
    return image.complete || new Promise(done => { image.onload = image.onerror = done; });
}))"""
IDLE = "() => new Promise(done => requestIdleCallback(done))"
Visit = namedtuple("Visit", "page status headers facts asked sizes cookies faults")


class Visitor:
    """Visits pages one after the other in one tab, each as if it were the first."""

    def __init__(self, tab):
        self.tab, self.addresses, self.sizes, self.console = tab, {}, {}, []
        network = tab.context.new_cdp_session(tab)
        network.on("Network.requestWillBeSent", self.asked)
        network.on("Network.loadingFinished", self.received)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        tab.on("console", self.said)
        tab.on("pageerror", lambda error: self.console.append((str(error), "")))

    def asked(self, event):
        self.addresses[event["requestId"]] = event["request"]["url"]

    def received(self, event):
        address = self.addresses.get(event["requestId"], "")
        if urlsplit(address).scheme in ("http", "https"):
            self.sizes[event["requestId"]] = event["encodedDataLength"]

    def said(self, message):
        if message.type in ("error", "warning"):
            self.console.append((message.text, message.location["url"]))

    def visit(self, site, page):
        self.addresses.clear()
        self.sizes.clear()
        self.console.clear()
        if not page.reader:
            self.tab.context.clear_cookies()
        response = open_page(self.tab, site, page)
        self.tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        self.tab.evaluate(LOAD)
        asked = len(self.addresses)
        self.tab.evaluate(IDLE)
        if len(self.addresses) > asked:  # a script asked for more by itself
            self.tab.wait_for_load_state("networkidle")
        return Visit(
            page=page,
            status=response.status,
            headers=response.headers,
            facts=self.tab.evaluate(FACTS),
            asked=list(self.addresses.values()),
            sizes=list(self.sizes.values()),
            cookies=self.tab.context.cookies(),
            faults=[text for text, where in self.console if not told_of(page, text, where)],
        )


def told_of(page, text, where):
    """The refusal of an error page is itself an error of the console."""
    refused = text.startswith("Failed to load resource")
    return refused and page.status >= 400 and page.path in where
