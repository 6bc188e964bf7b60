from functools import wraps
from itertools import chain
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from associations import au_travail
from comptes import protection
from portail.views.erreur import signed_out
from quartiers.models import Ville


class GestionSite(AdminSite):
    """
    The staff side: allauth signs in, a mandate in force and a second factor open.

    Without the one it is 404; without the other, the page where one shows or makes it.
    """

    site_header = "Gestion"
    site_title = "Gestion des maisons de quartier"
    index_title = "À traiter aujourd’hui"
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def wrapper(request, *args, **kwargs):
            if request.method == "POST" and not request.user.is_authenticated:
                return signed_out(request)
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            if request.user.is_authenticated and not self.is_proven(request):
                return redirect(protection.way_to_prove(request))
            au_travail.take_up(request)
            return guarded(request, *args, **kwargs)

        return wrapper

    def each_context(self, request):
        return super().each_context(request) | {"au_travail": au_travail.shown(request.user)}

    def is_proven(self, request):
        """A second factor was shown in this session; a made-up city asks for none."""
        return protection.is_proven(request) or Ville.current().demonstration

    def get_urls(self):
        own = [url for model_admin in self._registry.values() for url in model_admin.site_urls()]
        # It would lead from any id to its public address, a draft's of another house too.
        kept = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return own + kept

    def login(self, request, extra_context=None):
        """Through allauth, which limits the attempts."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise Http404
        asked = request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index"))
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: asked})}")

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def app_index(self, request, app_label, extra_context=None):
        return redirect("admin:index")

    def get_app_list(self, request, app_label=None):
        """In the order in which the admin classes register: É would sort after Z."""
        found = self._build_app_dict(request, app_label).values()
        order = [config.label for config in apps.get_app_configs()]
        return sorted(found, key=lambda app: order.index(app["app_label"]))

    def index(self, request, extra_context=None):
        admins = self._registry.values()
        waiting = [a.to_do(request) for a in admins if a.has_view_permission(request)]
        context = {
            "now": timezone.now(),
            "sections": sorted(chain.from_iterable(waiting), key=lambda s: not s.get("first")),
            "shortcuts": list(chain.from_iterable(a.shortcuts(request) for a in admins)),
        }
        return super().index(request, context | (extra_context or {}))
