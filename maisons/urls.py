from django.urls import path

from maisons.views import attente, evenement, reservation, salle, suivre

app_name = "maisons"

room = "maisons/<slug:maison_slug>/salles/<slug:salle_slug>/"

urlpatterns = [
    path("salles/", salle.salle_search, name="salle_search"),
    path("maisons/<slug:slug>/salles/", salle.planning, name="planning"),
    path(room, salle.salle, name="salle"),
    path(f"{room}reserver/", reservation.reservation_create, name="reservation_create"),
    path("evenements/<slug:slug>/", evenement.evenement, name="evenement"),
    path("evenements/<slug:slug>/suivre/", suivre.suivre, name="suivre"),
    path("reservations/", reservation.reservation_list, name="reservation_list"),
    path("reservations/attente/<uuid:jeton>/", attente.waiting, name="attente"),
    path("reservations/attente/<uuid:jeton>/<str:preuve>/", attente.address, name="adresse"),
    path("reservations/<int:pk>/", reservation.reservation, name="reservation"),
    path("reservations/<int:pk>/<slug:name>/", reservation.reservation, name="reservation_act"),
]
