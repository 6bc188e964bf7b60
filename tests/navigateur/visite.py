"""What a browser sees of one page at its first visit, all measures of it at once."""

from collections import namedtuple
from urllib.parse import urlsplit

from tests.navigateur.gestes import open_page

SCREEN = {"width": 1920, "height": 1080}  # of the EcoIndex protocol
FACTS = """() => ({
    nodes: document.querySelectorAll("*").length - document.querySelectorAll("svg *").length,
    title: document.title,
    titles: [...document.querySelectorAll("h1")].map(heading => heading.innerText),
    foreign: [...document.querySelectorAll(
        "iframe, video, audio, canvas, object, embed, [target=_blank], [style], script:not([src])"
    )].map(element => element.outerHTML.slice(0, 80)),
    buttons: [...document.querySelectorAll("button, .bouton")].map(button => button.innerText),
    form: Boolean(document.querySelector("form[method=post]")),
    language: document.documentElement.lang,
})"""
Visit = namedtuple("Visit", "page status headers facts sizes cookies faults")


def measure(browser_page, site, page):
    """Visit a page in a context of its own, with nothing in cache."""
    network = browser_page.context.new_cdp_session(browser_page)
    addresses, sizes, faults = {}, {}, []
    network.on("Network.requestWillBeSent", lambda e: told(addresses, e))
    network.on("Network.loadingFinished", lambda e: weighed(addresses, sizes, e))
    network.send("Network.enable")
    browser_page.on("console", lambda message: faults.append((message.text, message.location)))
    browser_page.on("pageerror", lambda error: faults.append((str(error), {})))
    response = open_page(browser_page, site, page)
    browser_page.evaluate("scrollTo(0, document.body.scrollHeight)")
    browser_page.wait_for_function("[...document.images].every(image => image.complete)")
    if browser_page.locator("script").count():  # only a script asks for more by itself
        browser_page.wait_for_load_state("networkidle")
    return Visit(
        page=page,
        status=response.status,
        headers=response.headers,
        facts=browser_page.evaluate(FACTS),
        sizes=list(sizes.values()),
        cookies=browser_page.context.cookies(),
        faults=[text for text, where in faults if not refusal(text, where, page)],
    )


def told(addresses, event):
    addresses[event["requestId"]] = event["request"]["url"]


def weighed(addresses, sizes, event):
    address = addresses.get(event["requestId"], "")
    if urlsplit(address).scheme in ("http", "https"):
        sizes[event["requestId"]] = address, event["encodedDataLength"]


def refusal(text, where, page):
    """An error page is itself told in the console."""
    return page.status >= 400 and text.startswith("Failed to load resource") and page.path in str(where)
