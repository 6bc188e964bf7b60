from django.urls import path

from conseils import views

app_name = "conseils"

urlpatterns = [
    path("conseils/", views.conseil_list, name="conseil_list"),
    path("conseils/<slug:slug>/", views.conseil, name="conseil"),
    path("conseils/<slug:slug>/reunions/<int:numero>/", views.reunion, name="reunion"),
    path(
        "conseils/<slug:slug>/reunions/<int:numero>/ordre-du-jour.pdf",
        views.ordre_du_jour,
        name="ordre_du_jour",
    ),
    path(
        "conseils/<slug:slug>/reunions/<int:numero>/documents/<int:pk>/<str:nom>",
        views.document,
        name="document",
    ),
]
