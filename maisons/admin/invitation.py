from django import forms
from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from comptes import limites
from comptes.admin import ScopedAdmin, ScopedFilter
from maisons import invitations
from maisons.models import InvitationAffectation


class InvitationForm(forms.ModelForm):
    class Meta:
        help_texts = {
            "courriel": "Elle reçoit un lien, valable sept jours. Avec ou sans compte : elle peut "
            "en créer un à ce moment-là."
        }


class InvitationAdmin(ScopedAdmin):
    """A person is named by their address: nobody browses the accounts of the city."""

    add_label = "Inviter une personne"
    change_form_template = "admin/maisons/invitationaffectation/change_form.html"
    form = InvitationForm
    ordering = ["-cree_le", "-pk"]

    def scope(self, db_field, request):
        """The places for which they may invite."""
        if db_field.name != self.model.PLACE:
            return {}
        places = db_field.remote_field.model.objects
        return {"queryset": places.managed_by(request.user, "add", self.model)}

    @admin.display(description="état")
    def situation(self, invitation):
        kind = "" if invitation.settled else "alerte"
        return format_html('<b class="puce {}">{}</b>', kind, invitation.situation)

    @admin.display(description="invitée", ordering="cree_le")
    def ecrite(self, invitation):
        day = date_format(timezone.localtime(invitation.cree_le), "j F Y")
        return f"le {day} par {invitation.invite_par or '–'}"

    def get_fields(self, request, obj=None):
        return [*self.fields, *(["situation", "ecrite"] if obj else [])]

    def has_change_permission(self, request, obj=None):
        return False  # what was offered stays as it was read: revoke, and invite again

    def has_delete_permission(self, request, obj=None):
        return False  # the night does

    def may_act(self, request):
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def add_view(self, request, form_url="", extra_context=None):
        if request.method == "POST" and self.has_add_permission(request):
            limites.count(request, "inviter", contact=request.POST.get("courriel", ""))
        return super().add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"may_act": self.may_act(request)} | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        invitations.invite(obj, by=request.user)

    def get_urls(self):
        guard = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        acts = [
            path("<int:pk>/renvoyer/", guard(self.resend), name=f"{name}_resend"),
            path("<int:pk>/revoquer/", guard(self.revoke), name=f"{name}_revoke"),
        ]
        return acts + super().get_urls()

    @method_decorator(require_POST)
    def resend(self, request, pk):
        told = "L’invitation est renvoyée, avec un nouveau lien."
        return self.act(request, pk, self.send_again, told)

    def send_again(self, request, invitation):
        limites.count(request, "inviter", contact=invitation.courriel)
        invitations.send_again(invitation, by=request.user)

    @method_decorator(require_POST)
    def revoke(self, request, pk):
        told = "L’invitation est révoquée : son lien ne sert plus."
        return self.act(request, pk, lambda _, found: invitations.revoke(found), told)

    def act(self, request, pk, verb, told):
        if not self.may_act(request):
            raise PermissionDenied
        invitation = self.get_or_404(request, pk)
        try:
            verb(request, invitation)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            self.log_change(request, invitation, told)
            messages.success(request, told)
        return redirect(admin_urlname(self.opts, "change"), pk)


@admin.register(InvitationAffectation)
class InvitationAffectationAdmin(InvitationAdmin):
    fields = ["courriel", "maison", "role", "debut", "fin"]
    list_display = ["courriel", "role", "maison", "situation", "ecrite"]
    list_filter = [("maison", ScopedFilter), "role"]
    list_select_related = ["maison", "invite_par"]
