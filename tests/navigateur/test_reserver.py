"""Booking a room with what people have: no script, no mouse, a small screen, an eager finger."""

import psycopg
import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import RESIDENT
from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import demander, reserver, reserver_et_verifier, submitted

ROOM = "/maisons/maison-d-essai/salles/salle-a-demander/"
SENT = "Votre demande est envoyée"
# The page of each answer to the same form, posted several times at one instant.
SENT_TOGETHER = """async times => {
    const form = document.querySelector("main form"), sent = new FormData(form);
    sent.set("etape", "confirmer");
    const post = () => fetch(form.action, {method: "POST", body: sent});
    const answers = await Promise.all(Array.from({length: times}, post));
    const pages = await Promise.all(answers.map(answer => answer.text()));
    const read = page => new DOMParser().parseFromString(page, "text/html");
    return pages.map(page => read(page).querySelector("h1").innerText);
}"""
FOCUS = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    return element.matches(":focus-visible") && style.outlineStyle != "none";
}"""


class Walk:
    """Counts as parcours § 2 does: pages to read, then links, choices and buttons, typed fields."""

    def __init__(self, page):
        self.page, self.screens, self.acts, self.typed = page, [], 0, 0

    def press(self, target):
        """A link or a button that leads to the next page."""
        submitted(self.page, target)
        self.acts += 1
        self.screens.append(self.page.locator("h1").inner_text())

    def choose(self, label, value):
        self.page.get_by_label(label).select_option(value)
        self.acts += 1

    def type(self, label, value):
        self.page.get_by_label(label).fill(value)
        self.typed += 1


class KeyboardWalk(Walk):
    """The same with the keyboard alone, and the focus is seen at each stop."""

    def reach(self, target):
        for _ in range(200):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                assert self.page.evaluate(FOCUS)
                return
        pytest.fail(f"The keyboard does not reach {target}.")

    def press(self, target):
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.acts += 1
        self.screens.append(self.page.locator("h1").inner_text())

    def choose(self, label, value):
        self.reach(self.page.get_by_label(label))
        self.page.keyboard.type("Réunion de voisins")
        expect(self.page.get_by_label(label)).to_have_value(value)
        self.acts += 1

    def type(self, label, value):
        self.reach(self.page.get_by_label(label))
        self.page.keyboard.type(value)
        self.typed += 1


def book(walk):
    """From the home page to the confirmation."""
    page = walk.page
    page.goto("/")
    walk.press(page.locator("main").get_by_role("link", name="Réserver une salle"))
    walk.press(page.locator(".jours a").nth(3))
    walk.press(page.get_by_role("link", name="libre, Salle à demander, Maison d’essai").first)
    walk.choose("Pourquoi", "voisins")
    walk.type("Combien", "12")
    walk.press(page.get_by_role("button", name="Continuer"))
    walk.press(page.get_by_role("button", name="Confirmer la réservation"))


def bookings(site):
    with psycopg.connect(site.database) as database:
        return database.execute("SELECT count(*) FROM maisons_reservation").fetchone()[0]


@pytest.mark.parametrize(
    ("walk_with", "script"),
    [(Walk, False), (KeyboardWalk, True), (KeyboardWalk, False)],
    ids=["no script", "keyboard", "keyboard and no script"],
)
def test_a_room_is_booked_within_the_counts(visiting, site, walk_with, script):
    before = bookings(site)
    with visiting(site, RESIDENT, viewport=PHONE, java_script_enabled=script) as page:
        walk = walk_with(page)

        book(walk)

    assert walk.screens[-1] == SENT
    assert len(walk.screens[:-1]) <= 4
    assert walk.acts <= 8
    assert walk.typed <= 4
    assert bookings(site) == before + 1


def test_nothing_is_booked_before_the_last_button_and_the_title_says_so(visiting, site):
    before = bookings(site)
    with visiting(site, RESIDENT, viewport=PHONE) as page:
        page.goto(ROOM)
        reserver_et_verifier(page, site)

        expect(page.locator("h1")).to_have_text("Vérifiez puis confirmez")
        confirm = page.get_by_role("button", name="Confirmer la réservation")
        expect(confirm).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0
        assert page.locator("main .bouton:not(.second)").all_inner_texts() == [
            "Confirmer la réservation"
        ]

    assert bookings(site) == before


def test_one_thing_is_corrected_without_typing_the_rest_again(visiting, site):
    with visiting(site, RESIDENT) as page:
        page.goto(ROOM)
        reserver_et_verifier(page, site)
        submitted(page, page.get_by_role("button", name="Modifier le motif"))

        expect(page.get_by_label("Pourquoi")).to_have_value("voisins")
        expect(page.get_by_label("Combien")).to_have_value("12")
        page.get_by_label("Combien").fill("7")
        submitted(page, page.get_by_role("button", name="Continuer"))

        expect(page.locator(".recap")).to_contain_text("7 personnes")


def test_reloading_the_last_page_sends_nothing_again(visiting, site):
    with visiting(site, RESIDENT) as page:
        page.goto(ROOM)
        reserver_et_verifier(page, site)
        submitted(page, page.get_by_role("button", name="Confirmer la réservation"))
        after, sent = bookings(site), []
        page.on("request", lambda request: sent.append(request.method))

        page.reload()

        expect(page.locator("h1")).to_have_text(SENT)
        assert set(sent) == {"GET"}
    assert bookings(site) == after


def test_the_same_form_sent_many_times_at_once_gives_one_booking(visiting, site):
    before = bookings(site)
    with visiting(site, RESIDENT) as page:
        page.goto(ROOM)
        reserver_et_verifier(page, site)

        answers = page.evaluate(SENT_TOGETHER, 6)

        assert len(answers) == 6
        assert set(answers) == {SENT}
    assert bookings(site) == before + 1


def test_a_double_click_on_confirm_gives_one_booking(visiting, site):
    before = bookings(site)
    with visiting(site, RESIDENT) as page:
        page.goto(ROOM)
        reserver_et_verifier(page, site)

        page.get_by_role("button", name="Confirmer la réservation").dblclick(no_wait_after=True)

        page.wait_for_url("**/reservations/*/")
        expect(page.locator("h1")).to_have_text(SENT)
    assert bookings(site) == before + 1


def test_a_free_span_names_its_room_its_day_and_its_hours(visiting, site):
    with visiting(site) as page:
        page.goto("/maisons/maison-d-essai/salles/")
        heading = page.locator("#jour").inner_text().replace("\xa0", " ").split(", ")[0]
        day = heading[0].lower() + heading[1:]

        links = page.locator(".libre a").all()
        names = [link.get_attribute("aria-label").replace("\xa0", " ") for link in links]

    assert names
    assert all(name.endswith(f", {day}") for name in names)
    assert all(" h" in name and "Salle" in name for name in names)


@pytest.mark.parametrize("way", ["link", "field"])
def test_after_choosing_a_day_the_focus_is_on_it_and_a_start_in_view(visiting, site, way):
    with visiting(site, viewport=PHONE) as page:
        page.goto("/maisons/maison-d-essai/salles/")
        chosen = page.locator(".jours a").nth(3)
        if way == "link":
            chosen.click()
        else:
            address = chosen.get_attribute("href")
            page.locator("#autre-jour").fill(address.partition("jour=")[2].partition("#")[0])
            page.get_by_role("button", name="Voir ce jour").click()
        page.wait_for_url("**/*jour=*")

        expect(page.locator("#jour")).to_be_focused()
        expect(page.locator(".libre a").first).to_be_in_viewport(ratio=1)


def test_the_rooms_first_free_span_opens_the_form_filled_in(visiting, site):
    with visiting(site, RESIDENT) as page:
        page.goto(ROOM)

        submitted(page, page.get_by_role("link", name="Réserver le premier moment libre"))

        for label in ("Jour", "De", "À"):
            expect(page.get_by_label(label, exact=True)).not_to_have_value("")


def test_a_lost_span_keeps_what_was_typed_and_offers_others(visiting, site):
    with visiting(site, RESIDENT) as first, visiting(site, RESIDENT) as second:
        for page in (first, second):
            page.goto(ROOM)
            reserver(page, site)
            demander(page)
        submitted(first, first.get_by_role("button", name="Confirmer la réservation"))

        submitted(second, second.get_by_role("button", name="Confirmer la réservation"))

        expect(second.get_by_label("Combien")).to_have_value("12")
        expect(second.locator(".erreurs")).to_be_focused()
        others = second.get_by_role("region", name="Libre à un moment proche")
        submitted(second, others.get_by_role("button").first)
        expect(second.locator("h1")).to_have_text("Vérifiez puis confirmez")
        expect(second.locator(".recap")).to_contain_text("12 personnes")
