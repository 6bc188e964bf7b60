"""The hours of room of each association; which events it organises."""

from django import forms
from django.contrib import admin
from django.db.models import DurationField, ExpressionWrapper, F, Value

from associations import budget
from associations.admin.choix import OfAssociation
from associations.models import Association, BudgetHeures, EvenementOrganise
from comptes.admin import ScopedAdmin, ScopedFilter
from maisons.models import Evenement, Maison

OFFERED = 5
UNKNOWN = "Aucun nom de la liste ne contient ces mots."
SEVERAL = "Plusieurs noms contiennent ces mots : {}. Écrivez le nom entier."


class PassedFilter(admin.SimpleListFilter):
    title, parameter_name = "situation", "situation"

    def lookups(self, request, model_admin):
        return [("depasse", "dépassés")]

    def queryset(self, request, rows):
        if self.value() != "depasse":
            return rows
        granted = ExpressionWrapper(F("heures") * Value(budget.HOUR), output_field=DurationField())
        total = F("seances") + F("evenements") + F("prets") + F("demandes")
        return rows.alias(total=total, accordees=granted).filter(total__gt=F("accordees"))


@admin.register(BudgetHeures)
class BudgetHeuresAdmin(OfAssociation, ScopedAdmin):
    """The city grants hours; whoever acts for an association reads what is left of its own."""

    add_label = "Donner un budget d’heures"
    list_display = ["association", "saison", "bilan", "demandees", "reste", "valeur"]
    list_filter = [PassedFilter]
    list_select_related = ["association"]
    ordering = ["-premier", "association__nom", "pk"]
    search_fields = ["association__nom"]
    fieldsets = [
        (None, {"fields": ["association", ("premier", "dernier"), ("heures", "valeur_heure")]}),
    ]
    counted = (
        "Où en est-on",
        {
            "fields": [
                ("par_seances", "par_evenements", "par_prets"),
                ("utilisees", "demandees", "restantes"),
                ("valeur", "valeur_accordee"),
            ]
        },
    )
    readonly_fields = [name for line in counted[1]["fields"] for name in line]

    def get_queryset(self, request):
        return budget.counted(super().get_queryset(request))

    def get_fieldsets(self, request, obj=None):
        return [*self.fieldsets, self.counted] if obj else self.fieldsets

    @admin.display(description="saison", ordering="premier")
    def saison(self, row):
        return row.saison

    # Each says what it is: on a phone the columns have no head.
    @admin.display(description="utilisées", ordering="heures")
    def bilan(self, row):
        found = budget.Bilan(row)
        return f"{budget.in_words(found.used)} sur {budget.in_words(found.granted)}"

    @admin.display(description="restantes")
    def reste(self, row):
        left = budget.Bilan(row).left
        return f"{budget.in_words(abs(left))} {'de trop' if left < budget.NONE else 'de reste'}"

    @admin.display(description="utilisées")
    def utilisees(self, row):
        return budget.in_words(budget.Bilan(row).used)

    @admin.display(description="demandées", ordering="demandes")
    def demandees(self, row):
        return f"{budget.in_words(row.demandes)} en attente" if row.demandes else "–"

    @admin.display(description="restantes")
    def restantes(self, row):
        return budget.in_words(budget.Bilan(row).left)

    @admin.display(description="valeur des heures utilisées")
    def valeur(self, row):
        found = budget.Bilan(row)
        return budget.euros(found.value(found.used))

    @admin.display(description="valeur des heures accordées")
    def valeur_accordee(self, row):
        found = budget.Bilan(row)
        return budget.euros(found.value(found.granted))

    @admin.display(description="séances d’activités")
    def par_seances(self, row):
        return budget.in_words(row.seances)

    @admin.display(description="événements")
    def par_evenements(self, row):
        return budget.in_words(row.evenements)

    @admin.display(description="prêts de salle")
    def par_prets(self, row):
        return budget.in_words(row.prets)


class NamedField(forms.CharField):
    """A row found by words of its name: a city has more of them than a list shows."""

    def __init__(self, column, **kwargs):
        self.column, self.rows = column, None
        super().__init__(max_length=150, **kwargs)

    def prepare_value(self, value):
        return value if isinstance(value, str | None) else ""

    def clean(self, value):
        typed = super().clean(value)
        whole = list(self.rows.filter(**{f"{self.column}__iexact": typed})[:2])
        found = list(self.rows.filter(**{f"{self.column}__icontains": typed})[: OFFERED + 1])
        if len(whole) == 1 or len(found) == 1:
            return (whole if len(whole) == 1 else found)[0]
        if not found:
            raise forms.ValidationError(UNKNOWN)
        names = ", ".join(str(getattr(row, self.column)) for row in found[:OFFERED])
        raise forms.ValidationError(SEVERAL.format(names))


class EvenementOrganiseForm(forms.ModelForm):
    association = NamedField(
        "nom", label="Association", help_text="Son nom, ou une partie, comme dans l’annuaire."
    )
    evenement = NamedField("titre", label="Événement", help_text="Son titre, ou une partie.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        houses = Maison.objects.managed_by(self.user, "add", EvenementOrganise)
        events = Evenement.objects.all()
        if not self.user.is_superuser:
            events = events.filter(maison__in=houses)
        if "evenement" in self.fields:
            self.fields["evenement"].rows = events.order_by("-pk")
            self.fields["association"].rows = Association.objects.by_name()


@admin.register(EvenementOrganise)
class EvenementOrganiseAdmin(ScopedAdmin):
    """By the house that holds the event, or by the city."""

    add_label = "Noter qui organise"
    form = EvenementOrganiseForm
    fields = ["association", "evenement"]
    list_display = ["evenement", "association"]
    list_filter = [("evenement__maison", ScopedFilter)]
    list_select_related = ["evenement", "association"]
    search_fields = ["association__nom", "evenement__titre"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def has_change_permission(self, request, obj=None):
        return False  # noted anew
