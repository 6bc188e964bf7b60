"""What a person does between an address and a page that has no address of its own."""

from datetime import date, timedelta
from random import choice
from uuid import uuid4

from playwright.sync_api import Error

from portail.rivemont import PASSWORD
from portail.rivemont.comptes import HABITANTS, address
from tests.connexion import code_of_now
from tests.navigateur.pages import BUSY, PROTECTED

EMPTY = """form => {
    for (const field of form.elements)
        if (!["hidden", "checkbox", "radio"].includes(field.type)) field.value = ""
}"""


def submitted(page, button):
    """Press a button, and wait for the page that answers."""
    with page.expect_navigation() as answered:
        button.click()
    return answered.value


def login(page, site, courriel, password=PASSWORD):
    page.goto("/compte/login/")
    page.get_by_label("Adresse e-mail").fill(courriel)
    page.get_by_label("Mot de passe").fill(password)
    submitted(page, page.get_by_role("button", name="Se connecter"))
    if "/protection/" in page.url:
        show_code(page)
    page.wait_for_url("**/mon-espace/")


def show_code(page):
    """Each code opens once: whoever has just shown this one shows its neighbour."""
    for steps in (0, 1, -1):
        page.get_by_label("Code de votre application").fill(code_of_now(steps))
        submitted(page, page.locator("main").get_by_role("button").first)
        if "/protection/" not in page.url:
            break


def login_by_code(page, site, courriel):
    page.goto("/compte/login/code/")
    page.get_by_label("Adresse e-mail").fill(courriel)
    submitted(page, page.locator("main").get_by_role("button").first)
    page.get_by_label("Code reçu").fill(site.last_code(courriel))
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url("**/mon-espace/")


def open_page(page, site, entry):
    """Go to a page of the list, through its gesture if it has one; returns the last response."""
    if entry.html:
        answer = {"status": entry.status, "body": entry.html, "content_type": "text/html"}
        page.route(f"**{entry.path}", lambda route: route.fulfill(**answer))
    try:
        response = page.goto(entry.path)
        return globals()[entry.gesture](page, site) if entry.gesture else response
    except Error as error:
        error.add_note(f"On the way to {entry}.")
        raise


def envoyer_vide(page, site):
    form = page.locator("main form[method=post]").first
    form.evaluate(EMPTY)
    # A field for a file has the role of a button too.
    shown = form.get_by_role("button").and_(form.locator("button, [type=submit]"))
    return submitted(page, shown.first)


def programmer(page, site):
    """An agenda at a date, without saying which."""
    return submitted(page, page.locator("[name=programmer]"))


def enregistrer_vide(page, site):
    """As the admin's form, which has others before it."""
    form = page.locator("main form[method=post]").last
    form.evaluate(EMPTY)
    return submitted(page, form.locator("[name=_save]"))


def refuser_vide(page, site):
    """Refuse several requests, none of them ticked, without a motive."""
    return submitted(page, page.get_by_role("button", name="Refuser les demandes"))


def mauvais_mot_de_passe(page, site):
    page.get_by_label("Adresse e-mail").fill(f"{uuid4().hex}@rivemont.example")
    page.get_by_label("Mot de passe").fill("un autre mot de passe")
    return submitted(page, page.locator("main").get_by_role("button").first)


def demander_la_preuve(page, site):
    page.get_by_label("Adresse e-mail").fill(PROTECTED)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    return submitted(page, page.locator("main").get_by_role("button").first)


def demander_la_preuve_et_envoyer_vide(page, site):
    demander_la_preuve(page, site)
    return envoyer_vide(page, site)


def confirmer_le_mot_de_passe(page, site):
    """Asked for when it was not given in the last minutes; else the page is there already."""
    if "confirmer" not in page.title().lower():
        return page.reload()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    return submitted(page, page.locator("main").get_by_role("button").first)


def confirmer_le_mot_de_passe_et_envoyer_vide(page, site):
    confirmer_le_mot_de_passe(page, site)
    return envoyer_vide(page, site)


def confirmer_le_mot_de_passe_et_envoyer_sans_cle(page, site):
    """As a browser whose script failed half-way."""
    confirmer_le_mot_de_passe(page, site)
    with page.expect_navigation() as answered:
        page.locator("main form[method=post]").evaluate("form => form.submit()")
    return answered.value


def demander_un_code(page, site):
    page.get_by_label("Adresse e-mail").fill(f"{uuid4().hex}@rivemont.example")
    return submitted(page, page.locator("main").get_by_role("button").first)


def demander_un_code_et_se_tromper(page, site):
    demander_un_code(page, site)
    page.get_by_label("Code reçu").fill("123 456 789")
    return submitted(page, page.locator("main").get_by_role("button").first)


def demander_un_compte(page, site):
    page.get_by_label("Votre nom").fill("O’Neill-Nguyễn")
    return demander_un_code(page, site)


def demander_un_compte_et_se_tromper(page, site):
    page.get_by_label("Votre nom").fill("O’Neill-Nguyễn")
    return demander_un_code_et_se_tromper(page, site)


def nouveau_mot_de_passe(page, site):
    courriel = address(choice(HABITANTS))  # a mailbox takes few codes an hour
    page.get_by_label("Adresse e-mail").fill(courriel)
    submitted(page, page.locator("main").get_by_role("button").first)
    page.get_by_label("Code reçu").fill(site.last_code(courriel))
    return submitted(page, page.locator("main").get_by_role("button").first)


def code_faux(page, site):
    page.get_by_label("Votre code").fill("Votre code : K7M3-TPXQ-9WQF")
    return submitted(page, page.locator("main").get_by_role("button").first)


def corriger_vide(page, site):
    """Correct the address that a message goes to, without writing one."""
    page.get_by_label("Adresse e-mail").fill("")
    return submitted(page, page.get_by_role("button", name="Corriger"))


def six_chiffres_faux(page, site):
    page.get_by_label("Code à six chiffres").fill("000 00")
    return submitted(page, page.locator("main").get_by_role("button").first)


def prendre_et_verifier(page, site):
    """Say who comes to an appointment, and read the check."""
    page.get_by_label("Votre prénom").fill("Camille O’Neill-Nguyễn")
    page.get_by_label("Téléphone ou").fill("camille@gmial.com")
    return submitted(page, page.get_by_role("button", name="Continuer"))


def inscrire_et_verifier(page, site):
    """Say who comes to an activity, and read the check."""
    page.get_by_label("Moi", exact=True).check()
    page.get_by_label("Votre nom").fill("Camille O’Neill-Nguyễn")
    page.get_by_label("Adresse e-mail").fill("camille@gmial.com")
    return submitted(page, page.get_by_role("button", name="Continuer"))


def reserver(page, site):
    """From the page of a room to its form, filled with the first free span of a later day."""
    return submitted(page, page.locator(".libre a").first)


def reserver_vide(page, site):
    reserver(page, site)
    page.get_by_label("Jour").fill("")
    return submitted(page, page.get_by_role("button", name="Continuer"))


def reserver_et_verifier(page, site):
    reserver(page, site)
    return demander(page)


def demander(page, personnes="12"):
    page.get_by_label("Pourquoi").select_option("voisins")
    page.get_by_label("Combien").fill(personnes)
    return submitted(page, page.get_by_role("button", name="Continuer"))


def reserver_pris(page, site):
    """Asked for a span that somebody holds already: others are offered."""
    reserver(page, site)
    page.get_by_label("Jour").fill((site.today + timedelta(days=BUSY)).isoformat())
    page.get_by_label("De", exact=True).select_option("14:00")
    page.get_by_label("À", exact=True).select_option("16:00")
    return demander(page)


def se_presenter(page, courriel="camille@rivemont.example"):
    page.get_by_label("Votre nom").fill("Camille O’Neill-Nguyễn")
    page.get_by_label("Adresse e-mail").fill(courriel)


def reserver_sans_compte_vide(page, site):
    reserver(page, site)
    return submitted(page, page.get_by_role("button", name="Continuer"))


def reserver_sans_compte_et_verifier(page, site):
    reserver(page, site)
    se_presenter(page)
    return demander(page)


def reserver_sans_compte_pris(page, site):
    """By an address that somebody kept: the span was taken meanwhile."""
    day = (site.today + timedelta(days=BUSY)).isoformat()
    page.goto(f"{page.url}reserver/?jour={day}&de=14:00&a=16:00")
    se_presenter(page)
    return demander(page)


def guichet_chercher(page, site):
    """At the desk, the first letters of somebody who has booked in this house."""
    page.get_by_label("Nom de la personne").fill("d’ang")
    return submitted(page, page.get_by_role("button", name="Chercher une personne"))


def guichet_doubler(page, site):
    """Somebody of the same name as a person who has booked in this house."""
    page.get_by_label("Nom de la personne").fill("D'Angelo")
    page.get_by_label("Pour quoi").select_option("voisins")
    return submitted(page, page.get_by_role("button", name="Réserver la salle"))


def prise_chercher(page, site):
    """The first letters of somebody who has an appointment there."""
    page.get_by_label("Prénom ou nom").fill("d’ang")
    return submitted(page, page.get_by_role("button", name="Chercher une personne"))


def prise_doubler(page, site):
    """Somebody of the same name as a person who has an appointment there."""
    page.get_by_label("Prénom ou nom").fill("D'Angelo")
    page.get_by_label("Quand").select_option(index=1)
    page.get_by_label("Pourquoi").select_option(index=1)
    return submitted(page, page.get_by_role("button", name="Prendre le rendez-vous"))


def expirer(page, site):
    page.context.clear_cookies()
    return submitted(page, page.locator("main").get_by_role("button").first)


def fill_the_rule(page, site):
    first = site.today + timedelta(days=130)
    page.get_by_label("Premier jour").fill(first.isoformat())
    page.get_by_label("Dernier jour").fill((first + timedelta(weeks=30)).isoformat())
    page.get_by_label("mardi").check()
    page.get_by_label("De", exact=True).fill("18:00")
    page.get_by_label("À", exact=True).fill("20:00")
    page.get_by_label("Et les vacances").select_option("hors_vacances")


def repeter_la_permanence(page, site):
    fill_the_rule(page, site)
    return voir_les_dates(page, site)


def demander_chaque_semaine(page, site):
    """A room for an association, each week: looked at before it is asked for."""
    day = site.today + timedelta(days=9)
    for name in ("usage", "salle"):
        page.locator(f"[name={name}]").select_option(index=1)
    page.get_by_label("Jour", exact=True).fill(day.isoformat())
    page.get_by_label("De", exact=True).select_option("07:00")
    page.get_by_label("À", exact=True).select_option("08:00")
    page.get_by_label("Rythme").select_option("semaine")
    page.get_by_label("Dernier jour").fill((day + timedelta(weeks=20)).isoformat())
    return submitted(page, page.locator("[name=_save]"))


def noter_une_absence(page, site):
    page.get_by_label("Du", exact=True).fill(site.today.isoformat())
    page.get_by_label("Au", exact=True).fill((site.today + timedelta(weeks=8)).isoformat())
    page.get_by_label("annuler les dates").check()
    return voir_les_dates(page, site)


def repeter_et_verifier(page, site):
    fill_the_rule(page, site)
    rooms = page.get_by_label("Salle", exact=True)
    hall = rooms.locator("option", has_text="Salle des fêtes").filter(has_text="Maison d’essai")
    rooms.select_option(hall.get_attribute("value"))
    return voir_les_dates(page, site)


def voir_les_dates(page, site):
    return submitted(page, page.get_by_role("button", name="Voir les dates"))


def changer_l_heure(page, site):
    page.get_by_label("De", exact=True).fill("17:00")
    page.get_by_label("À", exact=True).fill("19:00")
    return voir_les_dates(page, site)


def prolonger_la_serie(page, site):
    field = page.get_by_label("Nouveau dernier jour")
    last = date.fromisoformat(field.input_value())
    field.fill((last + timedelta(weeks=4)).isoformat())
    return voir_les_dates(page, site)


def guichet_repeter(page, site):
    """At the desk, a season of somebody, looked at before it is booked."""
    page.get_by_label("Nom de la personne").fill("Association du lavoir")
    page.get_by_label("Pour quoi").select_option("association")
    page.get_by_text("Répéter", exact=True).click()
    page.get_by_label("Rythme").select_option("semaine")
    last = site.today + timedelta(days=BUSY, weeks=30)
    page.get_by_label("Dernier jour").fill(last.isoformat())
    page.get_by_label("Et les vacances").select_option("hors_vacances")
    return voir_les_dates(page, site)


def guichet_repeter_sans_fin(page, site):
    page.get_by_text("Répéter", exact=True).click()
    page.get_by_label("Rythme").select_option("semaine")
    return submitted(page, page.get_by_role("button", name="Voir les dates"))
