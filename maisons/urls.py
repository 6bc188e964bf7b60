from django.urls import path

from maisons import views

app_name = "maisons"

room = "maisons/<slug:maison_slug>/salles/<slug:salle_slug>/"

urlpatterns = [
    path("maisons/<slug:slug>/salles/", views.planning, name="planning"),
    path(room, views.salle, name="salle"),
    path(f"{room}reserver/", views.reservation_create, name="reservation_create"),
    path("evenements/<slug:slug>/", views.evenement, name="evenement"),
    path("reservations/", views.reservation_list, name="reservation_list"),
    path("reservations/<int:pk>/", views.reservation, name="reservation"),
    path("reservations/<int:pk>/annuler/", views.reservation_cancel, name="reservation_cancel"),
]
