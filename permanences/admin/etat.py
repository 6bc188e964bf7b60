from django.contrib import admin


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "état", "etat"

    def lookups(self, request, model_admin):
        return [("brouillon", "brouillons"), ("publie", "déjà publics")]

    def queryset(self, request, rows):
        states = {"brouillon": rows.filter(publie_le=None), "publie": rows.public()}
        return states.get(self.value(), rows)
