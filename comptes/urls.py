from django.urls import path

from comptes import views

app_name = "comptes"

urlpatterns = [
    path("mon-espace/nom/", views.nom_change, name="nom_change"),
    path("mon-espace/mes-donnees/", views.donnees, name="donnees"),
    path("mon-espace/appareils/", views.appareil_list, name="appareil_list"),
    path("mon-espace/appareils/<int:pk>/fin/", views.appareil_end, name="appareil_end"),
    path("mon-espace/appareils/fin/", views.appareil_end_all, name="appareil_end_all"),
    path("code/", views.code, name="code"),
    path("code/<str:code>/", views.code_open, name="code_open"),
    path("code/<str:code>/<slug:acte>/", views.code_open, name="code_act"),
]
