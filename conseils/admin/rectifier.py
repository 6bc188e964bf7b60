"""The page that corrects a public meeting: its own form, and a sentence that the public reads."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect

from conseils import rectifier
from conseils.forms import ReunionForm
from conseils.models.reunion import NO_LINK
from conseils.versions import fingerprint

PUBLISHED = "Un rectificatif avec cette phrase est déjà publié : regardez la page publique."


class RectificatifForm(ReunionForm):
    """That of a draft; what was read before is kept under the lock, for the public to compare."""

    motif = forms.CharField(
        label="Ce qui change, en une phrase",
        max_length=200,
        error_messages={"required": "Dites en une phrase ce qui change."},
        help_text="Le public la lit, avec la date : « Le point 3 est ajouté à la demande de "
        "douze habitants. »",
    )

    def check_state(self, kept):
        self.kept, self.before = kept, rectifier.begin(kept)

    def check_version(self, kept):
        """Sent a second time, it finds its own correction: a button was pressed twice."""
        last, now = kept.rectificatifs.last(), fingerprint(kept)
        stale = self.cleaned_data.get("version", now) not in ("", now)
        if stale and last and last.motif == self.cleaned_data.get("motif"):
            raise ValidationError(PUBLISHED)
        super().check_version(kept)

    def check_place(self):
        """A closure that is settled elsewhere does not forbid to correct an item."""
        if not self.instance.within(self.kept):
            super().check_place()
        if self.instance.online and not self.instance.lien_visio:
            raise ValidationError({"lien_visio": NO_LINK})


class Correcting:
    """The editor of a draft, opened on a public meeting: one transaction, one row that tells it."""

    form = RectificatifForm

    def page(self, request, pk):
        reunion = self.get_or_404(request, pk)
        if not self.has_change_permission(request, reunion):
            raise PermissionDenied
        try:
            rectifier.check(reunion)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("admin:conseils_reunion_change", pk)
        shown = {"rectification": True, "show_save_and_continue": False}
        return self.changeform_view(request, str(pk), extra_context=shown)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("conseils.change_reunion")

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": ["motif"]}), *self.fieldsets]

    def save_model(self, request, obj, form, change):
        """Later, at once: `finish()` writes the meeting when its items are."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        meeting, told = form.instance, form.cleaned_data["motif"]
        try:
            meeting.told = rectifier.finish(
                meeting, form.before, told, by=request.user, **form.place()
            )
        except ValidationError as error:
            meeting.told = None
            messages.warning(request, error.messages[0])

    def response_change(self, request, obj):
        if obj.told is None:
            transaction.set_rollback(True)  # nothing is written, the items neither
            return redirect("admin:conseils_reunion_rectify", obj.pk)
        messages.success(request, f"{obj.told} publié : le public lit ce qui change.")
        return redirect("admin:conseils_reunion_change", obj.pk)
