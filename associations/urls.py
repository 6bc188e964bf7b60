from django.urls import path

from associations.views import activite, annuaire, image

app_name = "associations"

urlpatterns = [
    path("associations/", annuaire.association_list, name="association_list"),
    path("associations/charte/", annuaire.charte, name="charte"),
    path("associations/charte/<int:version>/", annuaire.charte, name="charte_version"),
    path("associations/<slug:slug>/", annuaire.association, name="association"),
    path("activites/", activite.activite_list, name="activite_list"),
    path("activites/<slug:slug>/", activite.activite, name="activite"),
    path("activites/<slug:slug>/image/<int:pk>/<str:nom>", image.image, name="image"),
    path("activites/<slug:slug>/inscription/", activite.activite, name="inscription_create"),
]
