"""Every form that is sent with faults, public or of the staff (parcours B6, RGAA 11)."""

import re

import pytest
from playwright.sync_api import expect

from portail.rivemont.comptes import ADMIN, COUNCIL, DESK, RESIDENT
from tests.navigateur.gestes import mauvais_mot_de_passe, open_page, reserver, submitted

# What each link of the summary says, and what it leads to.
LINKS = """() => [...document.querySelectorAll(".erreurs li")].map(line => {
    const plain = element => element.innerText.replace(/\\s+/g, " ");
    const link = line.querySelector("a[href]");
    if (!link) return null;
    const target = document.getElementById(link.hash.slice(1));
    const field = target && target.matches("input, select, textarea") ? target : null;
    const near = field && (field.getAttribute("aria-describedby") || "").split(" ")
        .map(id => document.getElementById(id)).filter(Boolean);
    return {
        told: plain(line),
        target: Boolean(target),
        within: Boolean(target && target.querySelector("[aria-invalid=true]")),
        field: Boolean(field),
        invalid: field && field.getAttribute("aria-invalid") == "true",
        near: (near || []).map(plain).join(" "),
        labelled: Boolean(field && field.labels.length),
    };
})"""


def wrong(line):
    """What is wrong with a line of the summary, if anything."""
    if line is None:
        return None  # a fault of the whole form leads nowhere
    sentence = line["told"].rpartition(" : ")[2]
    if not line["target"]:
        return f"leads nowhere: {line['told']}"
    if not line["field"]:
        return None if line["within"] else f"leads to nothing wrong: {line['told']}"
    if not line["invalid"]:
        return f"aria-invalid: {line['told']}"
    return None if sentence in line["near"] and line["labelled"] else f"not beside: {line['told']}"


@pytest.mark.parametrize("reader", ["", RESIDENT, DESK, COUNCIL, ADMIN])
def test_a_faulty_form_says_it_above_and_beside_each_field(visiting, site, reader):
    pages = [p for p in site.pages if p.reader == reader and "en erreur" in p.state]
    pages = [page for page in pages if page.gesture]
    faults, seen = {}, 0
    with visiting(site, reader) as page:
        for entry in pages:
            if not reader:
                page.context.clear_cookies()
            open_page(page, site, entry)
            summary = page.locator(".erreurs")
            expect(summary).to_be_focused()
            lines = page.evaluate(LINKS)
            seen += len([line for line in lines if line])
            if found := [told for told in map(wrong, lines) if told]:
                faults[str(entry)] = found

    assert seen >= len(pages) >= 3
    assert faults == {}


def test_a_link_of_the_summary_moves_the_focus_to_its_field(visiting, site):
    with visiting(site) as page:
        page.goto("/compte/signup/")
        submitted(page, page.get_by_role("button", name="Créer mon compte"))

        page.locator(".erreurs a").first.click()

        expect(page.get_by_label("Votre nom")).to_be_focused()


def test_what_was_typed_stays_except_the_password(visiting, site):
    with visiting(site) as page:
        page.goto("/compte/login/")
        mauvais_mot_de_passe(page, site)

        expect(page.get_by_label("Adresse e-mail")).not_to_have_value("")
        expect(page.get_by_label("Mot de passe")).to_have_value("")


def test_a_booking_refused_keeps_its_answers(visiting, site):
    with visiting(site, RESIDENT) as page:
        page.goto("/maisons/maison-d-essai/salles/salle-a-demander/")
        reserver(page, site)
        day = page.get_by_label("Jour").input_value()
        page.get_by_label("Pourquoi").select_option("fete")
        page.get_by_label("Combien").fill("trop")
        submitted(page, page.get_by_role("button", name="Continuer"))

        expect(page.get_by_label("Jour")).to_have_value(day)
        expect(page.get_by_label("Pourquoi")).to_have_value("fete")
        expect(page.get_by_label("Combien")).to_have_value("trop")


def test_a_form_of_the_staff_keeps_its_answers(visiting, site):
    with visiting(site, DESK) as page:
        page.goto("/gestion/maisons/evenement/add/")
        page.get_by_label("Titre").fill("Loto d’hiver")
        page.get_by_label("Pour en savoir plus").fill("pas une adresse")
        submitted(page, page.locator("[name=_save]"))

        expect(page).to_have_title(re.compile(r"^Erreur\s: "))
        expect(page.get_by_label("Titre")).to_have_value("Loto d’hiver")
        expect(page.get_by_label("Pour en savoir plus")).to_have_value("pas une adresse")
