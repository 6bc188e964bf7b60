from django.urls import path

from permanences.views import attente, prise, rendez_vous

app_name = "permanences"

urlpatterns = [
    path(
        "permanences/<slug:slug>/rendez-vous/", prise.rendez_vous_create, name="rendez_vous_create"
    ),
    path("rendez-vous/", rendez_vous.rendez_vous_list, name="rendez_vous_list"),
    path("rendez-vous/attente/<uuid:jeton>/", attente.waiting, name="attente"),
    path("rendez-vous/<int:pk>/", rendez_vous.rendez_vous, name="rendez_vous"),
    path("rendez-vous/<int:pk>/<slug:name>/", rendez_vous.rendez_vous, name="rendez_vous_act"),
]
