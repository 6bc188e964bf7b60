import re

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from maisons import heures, tableur
from maisons.models import Maison
from permanences import chiffres

YEAR = re.compile("20[0-9]{2}")


class MonthForm(forms.Form):
    """Which month, of which house."""

    mois = forms.ChoiceField(label="Mois")
    maison = forms.ModelChoiceField(Maison.objects.none(), label="Maison", empty_label=None)

    def __init__(self, asked, houses):
        months = chiffres.months(heures.today())
        choices = [(f"{month:%Y-%m}", heures.month(month)) for month in months]
        first = {"mois": choices[0][0], "maison": getattr(houses.first(), "pk", None)}
        super().__init__(first | asked)
        self.fields["mois"].choices = choices
        self.fields["maison"].queryset = houses
        self.months = {f"{month:%Y-%m}": month for month in months}

    @property
    def month(self):
        return self.months[self.cleaned_data["mois"]]


class FigurePages:
    """The figures of the permanences of whoever reads them; see permanences.chiffres."""

    def site_urls(self):
        guard = self.admin_site.admin_view
        return [
            *super().site_urls(),
            path("permanences/chiffres/", guard(self.figures), name="permanences_chiffres"),
            path("permanences/chiffres.csv", guard(self.sheet), name="permanences_tableur"),
        ]

    def may_count(self, request):
        return request.user.has_perm("permanences.change_permanence")

    def counted(self, request):
        if not self.may_count(request):
            raise PermissionDenied
        return chiffres.permanences_of(request.user)

    @method_decorator(require_safe)
    def figures(self, request):
        mine = self.counted(request)
        houses = Maison.objects.filter(pk__in=mine.values("maison")).order_by("nom")
        asked = {name: request.GET[name] for name in ("mois", "maison") if name in request.GET}
        form, table = MonthForm(asked, houses), []
        if houses and form.is_valid():
            here = mine.filter(maison=form.cleaned_data["maison"])
            table = chiffres.lines(here, form.month, form.month)
        context = self.admin_site.each_context(request) | {
            "title": "Chiffres des permanences",
            "opts": self.opts,
            "form": form,
            "houses": houses,
            "columns": [name for _, name in chiffres.COLUMNS],
            "table": table,
            "rows": [(line, [chiffres.in_words(n) for n in line.people]) for line in table],
            "totals": chiffres.totals(table),
            "dates": sum(line.dates for line in table),
            "years": sorted({month.year for month in form.months.values()}, reverse=True),
        }
        return render(request, "permanences/gestion/chiffres.html", context)

    @method_decorator(require_safe)
    def sheet(self, request):
        """A year of all of them, `?annee=`: by default that of the last month that is over."""
        mine, last = self.counted(request), chiffres.months(heures.today(), 1)[0].year
        annee = request.GET.get("annee", str(last))
        if not YEAR.fullmatch(annee) or int(annee) > last:
            raise Http404
        table = chiffres.lines(mine, *chiffres.year(int(annee)))
        response = HttpResponse(chiffres.as_csv(table), content_type=tableur.CSV)
        response["Content-Disposition"] = f'attachment; filename="permanences-{annee}.csv"'
        return response
