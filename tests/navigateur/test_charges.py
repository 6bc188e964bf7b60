"""Whatever somebody writes stays text: in every page, for every reader, and in every letter."""

import pytest
from icalendar import Calendar

from portail.courriers import read_letters
from tests.navigateur.charges import PAYLOADS
from tests.navigateur.gestes import open_page
from tests.navigateur.pages import at
from tests.navigateur.serveur import served
from tests.portail.saisies import SEED, drawn

WALKED = 80  # pages, drawn; COMPLET=1 walks through all of them
WOULD_RUN = 10  # so many of the payloads are seen when nothing escapes them
HEADERS = {
    *["Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID"],
    *["Auto-Submitted", "Reply-To", "Content-Transfer-Encoding"],
    *["List-Unsubscribe", "List-Unsubscribe-Post"],
}
PROPERTIES = {
    *["UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION"],
    *["DESCRIPTION", "CONTACT", "URL", "STATUS", "LAST-MODIFIED"],
}
KINDS = ["VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"]
WATCH = """
    window.blocked = [];
    addEventListener("securitypolicyviolation", event => blocked.push(
        `${event.effectiveDirective}: ${event.blockedURI || event.sample}`));
"""
# What became more than text: it ran, was refused by the policy, or stands among the elements.
FOUND = """() => [
    ...(window.touche ? ["it ran"] : []),
    ...blocked,
    ...[...document.querySelectorAll(`u, base, style, [style],
        script:not([src], [type="application/ld+json"], [type="application/json"])`)].map(
        element => element.outerHTML.slice(0, 120)),
    ...[...document.querySelectorAll("*")].flatMap(element => [...element.attributes]
        .filter(({name, value}) => name.startsWith("on") || (
            ["href", "src", "action", "formaction"].includes(name)
            && !/^(https?|mailto|tel|sms|webcal):/.test(new URL(value, location.href).href)))
        .map(({name, value}) => `${name}=${value.slice(0, 120)}`)),
]"""


class Watcher:
    """One tab that walks from page to page, and what it hears on the way."""

    def __init__(self, tab):
        self.tab, self.heard, self.shown = tab, [], ""
        tab.add_init_script(WATCH)
        tab.on("pageerror", lambda error: self.heard.append(str(error)))
        tab.on("dialog", self.close)
        tab.on("console", self.listen)
        tab.on("response", self.check)

    def check(self, response):
        """Errors, redirections and files too, but for what is shown without being asked for."""
        policy = response.headers.get("content-security-policy", "").split("; ")
        if "script-src 'self'" not in policy and response.url != self.shown:
            self.heard.append(f"no policy: {response.url}")

    def close(self, dialog):
        """A page that asks before it is left is one of ours."""
        if dialog.type != "beforeunload":
            self.heard.append(f"a dialog: {dialog.message}")
        dialog.accept()

    def listen(self, message):
        if message.type == "error" and "status of" not in message.text:
            self.heard.append(message.text)

    def faults(self, site, page):
        self.heard.clear()
        self.shown = page.html and site.url + page.path
        response = open_page(self.tab, site, page)
        status = [] if response.status == page.status else [f"status {response.status}"]
        return [*status, *self.tab.evaluate(FOUND), *self.heard]


@pytest.fixture(scope="module")
def chargee(filled, tmp_path_factory):
    with served(tmp_path_factory.mktemp("serveur"), filled, "chargee") as site:
        yield site


def test_nothing_that_somebody_wrote_runs_in_any_page(chargee, signed_in, visiting):
    readers = dict.fromkeys(page.reader for page in chargee.pages)
    cookies = {reader: signed_in(chargee, reader)["cookies"] for reader in readers if reader}
    found = {}

    with visiting(chargee) as tab:
        watcher = Watcher(tab)
        for page in sorted(drawn(chargee.pages, WALKED), key=lambda page: page.reader):
            tab.context.clear_cookies()
            tab.context.add_cookies(cookies.get(page.reader, []))
            found[page.reader, str(page), page.path] = watcher.faults(chargee, page)

    print(f"GRAINE={SEED}")
    assert len(chargee.pages) > 200
    assert {page: faults for page, faults in found.items() if faults} == {}


@pytest.mark.parametrize("payload", PAYLOADS[:WOULD_RUN])
def test_what_stands_in_a_page_as_it_was_written_is_seen(chargee, visiting, payload):
    raw = f"""<i title="{payload}"></i><i title='{payload}'></i><p>{payload}</p>"""

    def unescaped(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<main", f"{raw}<main"))

    with visiting(chargee) as tab:
        tab.route("**/aide/", unescaped)

        assert Watcher(tab).faults(chargee, at("portail:aide"))


def test_no_letter_has_a_header_that_somebody_wrote(chargee):
    letters = [letter.email for letter in read_letters(chargee.mailbox, most=1000)]
    bodies = [letter.get_body(["plain"]).get_content() for letter in letters]

    assert any("Bcc: a@b.fr" in body for body in bodies)
    assert {name for letter in letters for name in letter} <= HEADERS
    assert not [letter for letter in letters if len(letter.get_all("To")) > 1]


def test_no_calendar_has_a_property_that_somebody_wrote(chargee):
    letters = read_letters(chargee.mailbox, most=1000)
    files = [part for letter in letters for name, part in letter.attachments if "reserv" in name]

    dates = [date for file in files for date in Calendar.from_ical(file.get_content()).walk()]
    events = [date for date in dates if date.name == "VEVENT"]

    assert any("ATTENDEE:" in str(date["SUMMARY"]) for date in events)
    assert {name for date in events for name in date} <= PROPERTIES
    assert {date.name for date in dates} <= set(KINDS)
