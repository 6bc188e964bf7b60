from datetime import datetime, time, timedelta
from itertools import combinations

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import from_current_timezone
from django.utils import timezone

from comptes.admin import StaffInline
from comptes.gestion import StaffFormSet
from maisons import heures, planning, series
from maisons.admin.champs import RoomChoices
from maisons.forms import NO_DAY, DayField
from maisons.forms.refus import tell
from maisons.models import Creneau, Occurrence
from maisons.models.creneau import FIN_AVANT_DEBUT
from maisons.series import NO_SUCH_HOUR

Portee = Creneau.Portee
# The row asks for days and hours; its créneau knows two instants.
ASKED_AS = {"debut": "jour", "fin": "a", "maison": "portee"}
HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
GONE = "Cette date a changé entre-temps : rechargez la page."


class PlaceForm(forms.ModelForm):
    """Where a date of an event is."""

    depends = ["salle", "adresse_libre", "quartier"]  # neither required nor optional

    class Meta:
        model = Occurrence
        fields = ["portee", "salle", "personnes", "adresse_libre", "quartier"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.depends:
            self.fields[name].template_name = "maisons/gestion/champ_selon.html"

    def set_place(self, event):
        data, scope = self.cleaned_data, self.cleaned_data.get("portee")
        if scope != Portee.SALLE:
            data["salle"] = None
        elif not data.get("salle") and "salle" not in self.errors:
            self.add_error("salle", "Choisissez une salle.")
        if scope != Portee.HORS_LES_MURS:
            data["adresse_libre"] = ""
        elif not (data.get("adresse_libre") and data.get("quartier")):
            self.add_error("adresse_libre", "Écrivez l’adresse et choisissez le quartier.")
        self.instance.maison = data["salle"].maison if data.get("salle") else event.maison
        if scope in (Portee.MAISON, Portee.SANS_SALLE) and not event.maison:
            self.add_error("portee", "Choisissez d’abord la maison qui organise.")


class OccurrenceForm(PlaceForm):
    """When in days and hours, both hours empty when they are not known yet; then where."""

    jour = DayField(label="Jour", error_messages=NO_DAY)
    de = forms.TimeField(label="De", widget=HOUR, required=False)
    a = forms.TimeField(label="À", widget=HOUR, required=False)
    jour_fin = DayField(label="Jusqu’au", required=False, error_messages=NO_DAY)
    depends = ["de", "a", *PlaceForm.depends]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= asked(self.instance)

    def clean(self):
        data = self.cleaned_data
        if "evenement" not in data:
            raise ValidationError(GONE)
        self.set_place(data["evenement"])
        if not self.errors:
            self.set_span(data["jour"], data["jour_fin"] or data["jour"], data["de"], data["a"])
        # Not the parent's: it would check the constraints too early, before the rooms are locked.
        return data

    def set_span(self, first, last, de, a):
        self.instance.heure_connue = bool(de and a)
        if bool(de) != bool(a):
            self.add_error("a", "Donnez les deux heures, ou aucune des deux.")
        elif last < first or (de and last == first and a <= de):
            self.add_error("a" if de else "jour_fin", FIN_AVANT_DEBUT)
        else:
            last = last if de else last + timedelta(days=1)
            try:
                self.instance.debut = from_current_timezone(datetime.combine(first, de or time()))
                self.instance.fin = from_current_timezone(datetime.combine(last, a or time()))
            except ValidationError:
                self.add_error("de", NO_SUCH_HOUR)

    def check(self):
        """Everything that planning will check, told beside the row; under the rooms' lock."""
        try:
            self.instance.full_clean(exclude=["evenement", "creneau"])
            self.instance.check_rules()
        except ValidationError as error:
            tell(self, error, ASKED_AS)


def asked(occurrence):
    """The questions of the row, answered from an existing date."""
    first, last = timezone.localtime(occurrence.debut), timezone.localtime(occurrence.fin)
    known = occurrence.heure_connue
    last_day = last.date() if known else (last - timedelta(seconds=1)).date()
    return {
        "jour": first.date(),
        "de": first.time() if known else None,
        "a": last.time() if known else None,
        "jour_fin": last_day if last_day != first.date() else None,
    }


class OccurrenceFormSet(StaffFormSet):
    def clean(self):
        """Queue for all the rooms at once: what is checked then holds until the page is saved."""
        super().clean()
        for form in self.initial_forms:
            if form.instance.pk is None:
                form.add_error(None, GONE)
        changed = [form for form in self.forms if form.has_changed() and not form.errors]
        changed = [form for form in changed if not self._should_delete_form(form)]
        wanted = [form.instance for form in changed]
        before = Occurrence.objects.filter(pk__in=[date.pk for date in wanted if date.pk])
        planning.queue(*before, *wanted)
        for form in changed:
            form.check()
        rooms = {form: {room.pk for room in form.instance.rooms()} for form in changed}
        for one, other in combinations(changed, 2):
            first, second = one.instance, other.instance
            meet = first.debut < second.libere_a and second.debut < first.libere_a
            if meet and rooms[one] & rooms[other]:
                span = heures.span(first.debut, first.fin)
                other.add_error(None, f"Une autre date de cette page prend la salle {span}.")

    def write(self, by):
        """Through planning; the same checks, now done for good."""
        self.save(commit=False)
        for gone in self.deleted_objects:
            series.take_out(gone)
        for date in self.new_objects:
            planning.book(date, by=by)
        for date, _ in self.changed_objects:
            names = ["maison", "heure_connue", "debut", "fin", *OccurrenceForm.Meta.fields]
            planning.move(date, by=by, **{name: getattr(date, name) for name in names})


class OccurrenceInline(RoomChoices, StaffInline):
    """The dates to come; the others are told under the form."""

    model = Occurrence
    form = OccurrenceForm
    formset = OccurrenceFormSet
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("jour", "de", "a", "jour_fin"),
                    ("portee", "salle", "personnes"),
                    ("adresse_libre", "quartier"),
                ]
            },
        )
    ]
    add_label = "Ajouter une date"
    summary = "maisons/gestion/_date.html"
    cancel_url = "admin:maisons_occurrence_cancel"
    ordering = ["debut", "pk"]
    verbose_name_plural = "dates à venir"

    def get_queryset(self, request):
        """A series has its own page, from which one of its dates may be asked for."""
        dates = super().get_queryset(request).managed_by(request.user).select_related("salle")
        one = request.GET.get("date", "")
        shown = Q(serie=None) | Q(pk=one if one.isdecimal() else None)
        return dates.holding().filter(shown, fin__gt=timezone.now())

    def has_delete_permission(self, request, obj=None):
        """A date that the public has read is cancelled, never taken away."""
        draft = obj is None or obj.publie_le is None
        return draft and self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)  # read once, not once for each row
        return field
