"""A code in a real browser, without JavaScript: what it sends with a form decides."""

import pytest
from playwright.sync_api import expect

from tests.navigateur.conftest import PHONE
from tests.navigateur.gestes import submitted


@pytest.fixture
def code(site):
    paths = [page.path for page in site.pages if page.route == "comptes:code_open"]
    return paths[0].split("/")[2]


@pytest.mark.parametrize("opened", ["/code/", "/code/FAUX/"])
def test_a_pasted_message_opens_the_booking(visiting, site, code, opened):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto(opened)
        page.get_by_label("Votre code").fill(f"Votre code : {code.lower()}. Gardez-le.")

        answer = submitted(page, page.get_by_role("button", name="Ouvrir avec mon code"))

        assert answer.status == 200
        assert answer.request.redirected_from.headers["referer"] == f"{site.url}/"
        assert page.url.endswith(f"/code/{code}/")
        expect(page.locator("h1")).not_to_contain_text("code")


def test_a_wrong_code_stays_in_its_field(visiting, site):
    with visiting(site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/code/")
        page.get_by_label("Votre code").fill("K7M3-TPXQ-9WQF")

        submitted(page, page.get_by_role("button", name="Ouvrir avec mon code"))

        expect(page.get_by_label("Votre code")).to_have_value("K7M3-TPXQ-9WQF")
        expect(page.locator(".faute")).to_contain_text("Ce code n’ouvre rien.")
