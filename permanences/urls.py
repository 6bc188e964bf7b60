from django.urls import path

from permanences.views import (
    attente,
    orientation,
    permanence,
    personne,
    prise,
    question,
    rendez_vous,
    service,
)

app_name = "permanences"

urlpatterns = [
    path(
        "permanences/<slug:slug>/rendez-vous/", prise.rendez_vous_create, name="rendez_vous_create"
    ),
    path("rendez-vous/", rendez_vous.rendez_vous_list, name="rendez_vous_list"),
    path("rendez-vous/attente/<uuid:jeton>/", attente.waiting, name="attente"),
    path("rendez-vous/<int:pk>/", rendez_vous.rendez_vous, name="rendez_vous"),
    path("rendez-vous/<int:pk>/<slug:name>/", rendez_vous.rendez_vous, name="rendez_vous_act"),
    path("permanences/", orientation.permanence_list, name="permanence_list"),
    path("permanences/services/<slug:slug>/", service.service, name="service"),
    path("permanences/fiches/<slug:slug>/", service.fiche, name="fiche"),
    path("permanences/mediateurs/<slug:slug>/", personne.mediateur, name="mediateur"),
    path("permanences/<slug:slug>/", permanence.permanence, name="permanence"),
    path("permanences/<slug:slug>/carte/", permanence.carte, name="carte"),
    path("elus/", personne.elu_list, name="elu_list"),
    path("elus/<int:pk>/", personne.elu, name="elu"),
    path("elus/<int:pk>/question/", question.question_create, name="question_create"),
]
