from django.urls import path

from associations import views

app_name = "associations"

urlpatterns = [
    path("associations/", views.association_list, name="association_list"),
    path("associations/<slug:slug>/", views.association, name="association"),
]
