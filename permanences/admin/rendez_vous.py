from django.contrib import admin
from django.urls import path, reverse

from permanences import appels
from permanences.admin import appels as calls
from permanences.admin import journee, prise
from permanences.admin.acces import PagesAdmin, attends
from permanences.models import RendezVous


@admin.register(RendezVous)
class RendezVousAdmin(PagesAdmin):
    def site_urls(self):
        guard, space = self.admin_site.admin_view, "permanences/"
        date, row = f"{space}dates/<int:pk>/", f"{space}rendez-vous/<int:pk>/"
        calling = f"{space}a-appeler/"
        return [
            path(f"{space}jour/", guard(journee.day), name="permanences_jour"),
            path(f"{space}semaine/", guard(journee.week), name="permanences_semaine"),
            path(f"{date}etat/", guard(journee.say), name="permanences_vacation_say"),
            path(f"{date}lieu/", guard(journee.move), name="permanences_vacation_move"),
            path(f"{date}annuler/", guard(journee.call_off), name="permanences_vacation_call_off"),
            path(f"{date}passages/", guard(journee.count), name="permanences_vacation_count"),
            path(f"{space}rendez-vous/", guard(prise.prise), name="permanences_rendezvous_add"),
            path(f"{row}pris/", guard(prise.done), name="permanences_rendezvous_done"),
            path(f"{row}carte/", guard(prise.card), name="permanences_rendezvous_card"),
            path(f"{row}venue/", guard(journee.note), name="permanences_rendezvous_note"),
            path(calling, guard(calls.to_call), name="permanences_appels"),
            path(f"{calling}<int:pk>/dit/", guard(calls.said), name="permanences_rendezvous_said"),
        ]

    def shortcuts(self, request):
        if not attends(request.user):
            return []
        pages = {"Ma journée": "jour", "Prendre un rendez-vous pour quelqu’un": "rendezvous_add"}
        # How many, and not whom: nothing is read here.
        if waiting := len(appels.to_make(request.user)):
            pages[f"Appeler {waiting} personne{'s' * (waiting > 1)}"] = "appels"
        return [(words, reverse(f"admin:permanences_{name}")) for words, name in pages.items()]
