from django.urls import path

from comptes import views

app_name = "comptes"

urlpatterns = [
    path("mon-espace/nom/", views.nom_change, name="nom_change"),
]
