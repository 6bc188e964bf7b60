"""Fields and rows that every page of `/gestion/` shares."""

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models

CALENDAR = range(2000, 2101)  # years; no window of days can be counted from the others
MOST_NEW_ROWS = 60  # on one page: a date each week of a year; what is regular is a series
UNCHOSEN = "Choisir"


class InCalendar:
    def to_python(self, value):
        moment = super().to_python(value)
        if moment and moment.year not in CALENDAR:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid")
        return moment


class DayField(InCalendar, forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MomentField(InCalendar, forms.DateTimeField):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


# The browser's own pickers: one labelled field each, without a script.
PICKERS = {
    # Both named, or the admin's own pickers come first.
    models.DateTimeField: {"form_class": MomentField, "widget": MomentField.widget},
    models.DateField: {"form_class": DayField, "widget": DayField.widget},
    models.TimeField: {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")},
    models.URLField: {"assume_scheme": "https"},
}


class ScopedChoices:
    """Offer only the related rows that the staff member manages; inlines take it too."""

    formfield_overrides = PICKERS

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs |= self.scope(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= self.scope(db_field, request)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # a plain list, no pop-up windows
        if getattr(field, "empty_label", None):
            field.empty_label = UNCHOSEN
        elif isinstance(field, forms.TypedChoiceField):
            field.choices = [
                (key, label if key != "" else UNCHOSEN) for key, label in field.choices
            ]
        return field

    def scope(self, db_field, request):
        rows = db_field.remote_field.model._default_manager.all()
        # Without managed_by: a plain list of words, open to all staff.
        return {"queryset": rows.managed_by(request.user)} if hasattr(rows, "managed_by") else {}


class StaffFormSet(forms.BaseInlineFormSet):
    """Rows of the page's own thing, no more than somebody fills in; counts prove nothing."""

    default_error_messages = {
        "missing_management_form": "Cette page est incomplète : rechargez-la.",
        "too_many_forms": f"Ajoutez {MOST_NEW_ROWS} lignes au plus à la fois.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.absolute_max = len(self.get_queryset()) + MOST_NEW_ROWS

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        setattr(form.instance, self.fk.name, self.instance)  # whatever key was sent
        return form
