from django.urls import path

from associations.views import (
    activite,
    agenda,
    annuaire,
    attente,
    dossier,
    image,
    inscription,
)

app_name = "associations"

urlpatterns = [
    path("associations/", annuaire.association_list, name="association_list"),
    path("associations/charte/", annuaire.charte, name="charte"),
    path("associations/charte/<int:version>/", annuaire.charte, name="charte_version"),
    path("associations/<slug:slug>/", annuaire.association, name="association"),
    path("activites/", activite.activite_list, name="activite_list"),
    path("activites/<slug:slug>/", activite.activite, name="activite"),
    path("activites/<slug:slug>/image/<int:pk>/<str:nom>", image.image, name="image"),
    path(
        "activites/<slug:slug>/inscription/",
        inscription.inscription_create,
        name="inscription_create",
    ),
    path("inscriptions/", dossier.dossier_list, name="dossier_list"),
    path("inscriptions/agenda/", agenda.agenda_renew, name="agenda_renew"),
    path("mon-agenda/<str:code>.ics", agenda.agenda_ics, name="agenda_ics"),
    path("inscriptions/attente/<uuid:jeton>/", attente.waiting, name="attente"),
    path("inscriptions/attente/<uuid:jeton>/<str:preuve>/", attente.address, name="adresse"),
    path("inscriptions/<int:pk>/", dossier.dossier, name="dossier"),
    path("inscriptions/<int:pk>/<slug:name>/", dossier.dossier, name="dossier_act"),
]
