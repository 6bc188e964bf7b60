from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("suivre/<uuid:jeton>/", views.attente, name="attente"),
    path("abonnements/<str:jeton>/", views.arreter, name="arreter"),
    path("mon-espace/messages/", views.preferences, name="preferences"),
]
