from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as secours
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as cles
from django.contrib import admin
from django.urls import include, path, reverse_lazy
from django.views.generic import TemplateView

from comptes.views import email_change
from portail.views import agenda, courrier, donnees, flux, lieu, page, recherche, referencement

TEXT_PAGES = [
    ("aide", "aide"),
    ("accessibilite", "accessibilite"),
    ("mentions-legales", "mentions_legales"),
    ("confidentialite", "confidentialite"),
]

pages = [
    path("", agenda.accueil, name="accueil"),
    path("agenda/", agenda.agenda, name="agenda"),
    path("mon-quartier/", agenda.mon_quartier, name="mon_quartier"),
    path("agenda.ics", flux.agenda_ics, name="agenda_ics"),
    path("agenda.atom", flux.agenda_atom, name="agenda_atom"),
    path("agenda/<int:pk>/", agenda.agenda_entry, name="agenda_entry"),
    path("maisons/", lieu.maison_list, name="maison_list"),
    path("maisons/<slug:slug>/", lieu.maison, name="maison"),
    path("quartiers/", lieu.quartier_list, name="quartier_list"),
    path("quartiers/<slug:slug>/", lieu.quartier, name="quartier"),
    path("recherche/", recherche.recherche, name="recherche"),
    path("conseils/recherche/", recherche.conseils, name="conseils_recherche"),
    path("donnees/", donnees.donnees, name="donnees"),
    path("donnees/conseils.json", donnees.conseils, name="donnees_conseils"),
    path("donnees/permanences.json", donnees.permanences, name="donnees_permanences"),
    path(
        "donnees/mediation-numerique.json",
        donnees.mediation_numerique,
        name="donnees_mediation_numerique",
    ),
    path("mon-espace/", page.mon_espace, name="mon_espace"),
    path("remarque/", page.remarque, name="remarque"),
    path("demo/courriers/", courrier.courrier_list, name="courrier_list"),
    path("demo/courriers/<str:key>/", courrier.courrier, name="courrier"),
    path(
        "demo/courriers/<str:key>/mise-en-forme/",
        courrier.courrier_mis_en_forme,
        name="courrier_mis_en_forme",
    ),
    path("demo/courriers/<str:key>/<int:rank>/", courrier.courrier_piece, name="courrier_piece"),
    path("plan-du-site/", page.plan_du_site, name="plan_du_site"),
    path("robots.txt", referencement.robots, name="robots"),
    path("sitemap.xml", referencement.sitemap, name="sitemap"),
    path("sante/", page.sante, name="sante"),
    *[
        path(f"{url}/", TemplateView.as_view(template_name=f"portail/{name}.html"), name=name)
        for url, name in TEXT_PAGES
    ],
]

# The pages of allauth that we show, under names that it knows.
protection = [
    path("", mfa.index, name="mfa_index"),
    path("connexion/", mfa.authenticate, name="mfa_authenticate"),
    path("confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("application/", totp.activate_totp, name="mfa_activate_totp"),
    path("application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", secours.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/nouveaux/", secours.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("cles/ajouter/", cles.add_webauthn, name="mfa_add_webauthn"),
    path("cles/confirmer/", cles.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("cles/connexion/", cles.login_webauthn, name="mfa_login_webauthn"),
    path(
        "cles/<int:pk>/retirer/",
        cles.RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index")),
        name="mfa_remove_webauthn",
    ),
]

urlpatterns = [
    path("", include((pages, "portail"))),
    path("", include("maisons.urls")),
    path("", include("conseils.urls")),
    path("", include("permanences.urls")),
    path("", include("associations.urls")),
    path("", include("comptes.urls")),
    path("", include("notifications.urls")),
    path("compte/email/", email_change, name="account_email"),  # before the one of allauth
    path("compte/", include("allauth.account.urls")),
    path("mon-espace/protection/", include(protection)),
    path("gestion/", admin.site.urls),
]

handler400 = "portail.views.erreur.bad_request"
handler403 = "portail.views.erreur.permission_denied"
handler404 = "portail.views.erreur.not_found"
handler500 = "portail.views.erreur.server_error"
