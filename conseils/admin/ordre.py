"""Items of a draft put in order by buttons, each of which saves the page and comes back to it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from conseils import ordre

STEPS = {"_monter": -1, "_descendre": 1}


class OrderAdmin:
    """The rows come in their order; the button that was pressed keeps the focus."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        moved = {name: request.GET.get(name.strip("_"), "") for name in STEPS}
        context = {"monte": moved["_monter"], "descend": moved["_descendre"]}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def response_change(self, request, obj):
        for name, step in STEPS.items():
            if key := request.POST.get(name):
                return self.shift(request, obj, name, key, step)
        return super().response_change(request, obj)

    def shift(self, request, reunion, name, key, step):
        back = reverse("admin:conseils_reunion_change", args=[reunion.pk])
        point = ordre.shift(reunion, key, step)
        if point is None:
            messages.warning(request, "Ce point est déjà au bout, ou n’est plus là.")
            return redirect(back)
        total = reunion.points.count()
        told = f"« {point} » est maintenant en position {point.rang} sur {total}."
        messages.success(request, told)
        return redirect(f"{back}?{name.strip('_')}={point.pk}")
