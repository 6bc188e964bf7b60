import time

from django.conf import settings
from django.core.exceptions import BadRequest
from django.forms import BaseForm
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from comptes import appareils
from comptes.limites import TooMany, status
from portail.journal import SECRET_PATHS

# The last that a browser knows counts. Under no-referrer alone a form leaves with « Origin: null »,
# which the CSRF check refuses; strict-origin tells the name of the site, never the address.
NO_ADDRESS = "no-referrer, strict-origin"


class EvenPace:
    """
    What is answered about an address leaves on a beat, whether somebody has an account there.

    A new account takes a dozen statements that a known one does not, a code to nobody one less:
    what is done in between is not told by when it is done. First of the middlewares, so that it
    waits for all of them.
    """

    PACED = {
        *["account_login", "account_signup", "account_request_login_code"],
        *["account_reset_password", "account_confirm_password_reset_code"],
        *["account_confirm_login_code", "account_email_verification_sent"],
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begun = time.monotonic()
        response = self.get_response(request)
        if self.tells(request, response) and (beat := self.beat(request)):
            time.sleep((begun - time.monotonic()) % beat)
        return response

    def beat(self, request):
        """The slow one where a password is hashed, or an account is made."""
        slow = request.resolver_match.view_name == "account_signup"
        hashed = any(request.POST.get(name) for name in ("password", "password1"))
        return settings.PACE_WITH_PASSWORD if slow or hashed else settings.PACE

    def tells(self, request, response):
        """Of what was sent and the pages that follow it, unless a limit or a fault stops it."""
        route = getattr(request.resolver_match, "view_name", "")
        begun = request.method == "POST" or settings.SESSION_COOKIE_NAME in request.COOKIES
        asked = begun and route in self.PACED and response.status_code in (200, 302)
        return asked and not request.user.is_authenticated


class SecretAddresses:
    """
    Pages that their address alone opens: no cache, no search engine, no other site learns it.

    Errors and refusals included, hence the first of the middlewares.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(SECRET_PATHS):
            patch_cache_control(response, private=True, no_store=True)
            response["X-Robots-Tag"] = "noindex"
            response["Referrer-Policy"] = NO_ADDRESS
        return response


class NoNul:
    """PostgreSQL knows no NUL: an address that asks for one is not understood."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query string")
        return self.get_response(request)


class Limits:
    """A limit that a view does not tell in its own form has a page; one told there is a 429 too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        """Of the pages of allauth, whose views choose no status."""
        form = (response.context_data or {}).get("form")
        if isinstance(form, BaseForm) and response.status_code == 200:
            response.status_code = status(form)
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, TooMany):
            page = render(request, "429.html", {"limite": exception}, status=429)
            page["Retry-After"] = str(int(exception.wait.total_seconds()))
            return page


class PersonalPages:
    """A page made for somebody who is signed in stays out of every cache, the browser's too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed:
            patch_cache_control(response, private=True, no_store=True)
            appareils.note_seen(request.session)
        return response
