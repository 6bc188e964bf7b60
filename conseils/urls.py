from django.urls import path

from conseils import views

app_name = "conseils"

urlpatterns = [
    path("conseils/", views.conseil_list, name="conseil_list"),
    path("conseils/<slug:slug>/", views.conseil, name="conseil"),
    path("conseils/<slug:slug>/suivre/", views.suivre, name="suivre"),
    path("conseils/<slug:slug>/reunions.ics", views.meetings, {"form": "ics"}, name="ics"),
    path("conseils/<slug:slug>/reunions.atom", views.meetings, {"form": "atom"}, name="atom"),
    path("conseils/<slug:slug>/reunions/<int:numero>/", views.reunion, name="reunion"),
    path("conseils/<slug:slug>/reunions/<int:numero>/venir/", views.venir, name="venir"),
    path(
        "conseils/<slug:slug>/reunions/<int:numero>/ordre-du-jour.pdf",
        views.ordre_du_jour,
        name="ordre_du_jour",
    ),
    path(
        "conseils/<slug:slug>/reunions/<int:numero>/reunion.ics",
        views.in_calendar,
        name="reunion_ics",
    ),
    path(
        "conseils/<slug:slug>/reunions/<int:numero>/documents/<int:pk>/<str:nom>",
        views.document,
        name="document",
    ),
    path(
        "conseils/<slug:slug>/reunions/<int:numero>/documents-remplaces/<int:pk>/<str:nom>",
        views.document_ancien,
        name="document_ancien",
    ),
    path(
        "conseils/<slug:slug>/reunions/<int:numero>/rectificatifs/<int:rectificatif>/",
        views.rectificatif,
        name="rectificatif",
    ),
    path("abonnements/convocations/<str:jeton>/", views.stop_convocations, name="convocations"),
]
