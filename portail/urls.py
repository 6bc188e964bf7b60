from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from portail import views

TEXT_PAGES = [
    ("aide", "aide"),
    ("accessibilite", "accessibilite"),
    ("mentions-legales", "mentions_legales"),
    ("confidentialite", "confidentialite"),
]

pages = [
    path("", views.accueil, name="accueil"),
    path("agenda/", views.agenda, name="agenda"),
    path("agenda/<int:pk>/", views.agenda_entry, name="agenda_entry"),
    path("maisons/", views.maison_list, name="maison_list"),
    path("maisons/<slug:slug>/", views.maison, name="maison"),
    path("quartiers/", views.quartier_list, name="quartier_list"),
    path("quartiers/<slug:slug>/", views.quartier, name="quartier"),
    path("mon-espace/", views.mon_espace, name="mon_espace"),
    path("remarque/", views.remarque, name="remarque"),
    path("demo/courriers/", views.courrier_list, name="courrier_list"),
    path("demo/courriers/<str:key>/", views.courrier, name="courrier"),
    path(
        "demo/courriers/<str:key>/mise-en-forme/",
        views.courrier_mis_en_forme,
        name="courrier_mis_en_forme",
    ),
    path("demo/courriers/<str:key>/<int:rank>/", views.courrier_piece, name="courrier_piece"),
    path("plan-du-site/", views.plan_du_site, name="plan_du_site"),
    path("sante/", views.sante, name="sante"),
    *[
        path(f"{url}/", TemplateView.as_view(template_name=f"portail/{name}.html"), name=name)
        for url, name in TEXT_PAGES
    ],
]

urlpatterns = [
    path("", include((pages, "portail"))),
    path("", include("maisons.urls")),
    path("", include("comptes.urls")),
    path("compte/", include("allauth.account.urls")),
    path("gestion/", admin.site.urls),
]

handler400 = "portail.views.bad_request"
handler403 = "portail.views.permission_denied"
handler404 = "portail.views.not_found"
handler500 = "portail.views.server_error"
