from django.urls import path

from comptes import views

app_name = "comptes"

urlpatterns = [
    path("mon-espace/nom/", views.nom_change, name="nom_change"),
    path("code/", views.code, name="code"),
    path("code/<str:code>/", views.code_open, name="code_open"),
    path("code/<str:code>/<slug:acte>/", views.code_open, name="code_act"),
]
