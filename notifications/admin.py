from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, F, Value, When
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from comptes.joignable import dialled
from notifications import remise
from notifications.envoi import resend
from notifications.models import FIRST, RANK, Message, erase
from notifications.reprise import ResumingAdmin

Etat = Message.Etat
LONGEST_KEY = 18  # digits: more is no key of a créneau
# Nor does the order of a list say whose they are.
ADDRESSES = Case(When(confidentiel=True, then=Value("")), default=F("destinataire"))
MASKED = "confidentiel : la personne d’un rendez-vous"


def at(moment):
    return date_format(timezone.localtime(moment), r"j F \à G \h i") if moment else "–"


def spellings(number):
    """A phone number as messages may hold it, however it was typed."""
    try:
        phone = PhoneNumber.from_string(number)
    except NumberParseException:
        return []
    return [dialled(phone), phone.as_e164]


@admin.register(Message)
class MessageAdmin(ResumingAdmin):
    """What left, what waits and why: for city administrators, no role has its verbs."""

    fieldsets = [
        (None, {"fields": ["etat", "personne", "creneau"]}),
        ("Suivi", {"fields": ["ecrit", "fini", "utile", "suivi", "dit_par"]}),
        ("Contenu", {"fields": ["contenu", "jointes"]}),
    ]
    empty_value_display = "–"
    list_display = ["sujet", "personne", "situation", "ecrit", "suivi"]
    list_filter = ["etat", "canal", "rappel"]
    ordering = [RANK, "-cree_le", "-pk"]
    show_full_result_count = False  # the table grows
    search_fields = ["nom", "destinataire"]
    search_help_text = "Nom, adresse e-mail, téléphone ou numéro de créneau"

    @admin.display(description="message")
    def sujet(self, message):
        return str(message)

    @admin.display(description="pour", ordering=ADDRESSES)
    def personne(self, message):
        if message.confidentiel:
            return MASKED
        parts = ([part] for part in message.destinataire.split("@"))
        address = format_html_join(mark_safe("@<wbr>"), "{}", parts)  # may be cut after its @
        return format_html("{}<br>{}", message.nom, address) if message.nom else address

    @admin.display(description="état", ordering="etat")
    def situation(self, message):
        kind = "alerte" if message.etat in FIRST else ""
        return format_html('<b class="puce {}">{}</b>', kind, message.get_etat_display())

    @admin.display(description="écrit", ordering="cree_le")
    def ecrit(self, message):
        return at(message.cree_le)

    @admin.display(description="envoi")
    def suivi(self, message):
        tries = f"{message.essais} essai{'s' if message.essais > 1 else ''}"
        # What a server answers often says the address again.
        error = erase(message.erreur, [message.destinataire] if message.confidentiel else [])
        return " : ".join(filter(None, [message.essais and tries, error]))

    @admin.display(description="fini")
    def fini(self, message):
        return at(message.fini_le)

    @admin.display(description="utile jusqu’au")
    def utile(self, message):
        return at(message.expire_le)

    @admin.display(description="texte")
    def contenu(self, message):
        if message.confidentiel:
            return "Seules les personnes qui tiennent la permanence le lisent."
        return mark_safe(linebreaks(message.shown_text, autoescape=True))

    @admin.display(description="pièces jointes")
    def jointes(self, message):
        return ", ".join(part["nom"] for part in message.pieces) or "–"

    def get_search_results(self, request, queryset, search_term):
        if search_term:
            queryset = queryset.filter(confidentiel=False)
        found, duplicates = super().get_search_results(request, queryset, search_term)
        found |= queryset.filter(destinataire__in=spellings(search_term))
        if search_term.isdecimal() and len(search_term) <= LONGEST_KEY:
            found |= queryset.filter(creneau=search_term)
        return found, duplicates

    def changelist_view(self, request, extra_context=None):
        context = {"remises": remise.shares()} | (extra_context or {})
        return super().changelist_view(request, context)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False  # nothing is typed here

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        guard = self.admin_site.admin_view
        acts = [
            path("<int:pk>/renvoyer/", guard(self.resend), name="notifications_message_resend"),
            path("<int:pk>/dit/", guard(self.call), name="notifications_message_call"),
        ]
        return acts + super().get_urls()

    @method_decorator(require_POST)
    def resend(self, request, pk):
        return self.act(request, pk, resend, "Le message est renvoyé.")

    @method_decorator(require_POST)
    def call(self, request, pk):
        def mark(message):
            if message.confidentiel:
                raise PermissionDenied  # who cannot read it has told nobody
            message.mark_called(by=request.user)

        return self.act(request, pk, mark, "C’est noté : dit au téléphone.")

    def act(self, request, pk, verb, told):
        if not request.user.has_perm("notifications.change_message"):
            raise PermissionDenied
        try:
            verb(self.get_or_404(request, pk))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, told)
        return redirect("admin:notifications_message_change", pk)
