from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe

from associations import activites, adhesions, inscriptions, saison, salles
from associations.admin.accueil import HomeSections
from associations.admin.choix import OfAssociation
from associations.admin.formulaires import ActiviteForm
from associations.admin.image import ImagePages
from associations.admin.inscrits import InscritPages
from associations.admin.liste import ActiviteColumns
from associations.admin.presences import PresencePages
from associations.admin.seances import SeancePages
from associations.models import Activite, Association, Question, Seance
from associations.views.activite import activity_page
from comptes.admin import ScopedAdmin
from maisons.admin.champs import RoomField
from maisons.admin.serie import IMPOSSIBLE
from maisons.models import Maison, Salle
from quartiers.adresses import free_slug

SHOWN, OVER = 60, 10
KEPT = ["association", "maison", "salle", "theme", "public", "age_min", "age_max", "gratuit"]
KEPT += ["tarif", "contact", "inscription", "minimum", "liste_attente"]
PLACES = 12  # of a first activity, until one says how many


@admin.register(Activite)
class ActiviteAdmin(
    *[ActiviteColumns, HomeSections, ImagePages, InscritPages, PresencePages, SeancePages],
    *[OfAssociation, ScopedAdmin],
):
    """Written as a draft with its sessions, looked at as the public will see it, published."""

    add_label = "Nouvelle activité"
    shortcut = "Créer une activité"
    form = ActiviteForm

    @admin.display(description="Questions posées à l’inscription")
    def posees(self, activite):
        names = dict(Question.choices)
        return " ".join(names[key] for key in activite.questions) or "aucune"

    def get_fieldsets(self, request, obj=None):
        rhythm = [] if obj and obj.seances.exists() else ["jours", ("de", "a")]
        rhythm += [("cadence", "regime")] if rhythm else []
        locked = obj and obj.verrou
        return [
            (
                "Ce que c’est",
                {"fields": ["association", "titre", "resume", "description", "theme"]},
            ),
            (
                "Pour qui et combien",
                {"fields": ["public", ("age_min", "age_max"), "gratuit", "tarif"]},
            ),
            (
                "Où et quand",
                {"fields": [("maison", "salle"), ("premier", "dernier"), *rhythm, "contact"]},
            ),
            (
                "Inscriptions",
                {
                    "fields": [
                        *["inscription", ("places", "minimum"), "liste_attente", "ouverte"],
                        "posees" if locked else "questions",
                    ]
                },
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        """What locks: the association at once, the rest after the first registration."""
        if obj is None:
            return []
        return ["association", *["inscription", "places", "questions", "posees"] * obj.verrou]

    def scope(self, db_field, request):
        """Any house and any room may be asked for; the association is one's own."""
        related = db_field.remote_field.model
        if related is Association:
            return {"queryset": self.choices(request)}
        if related is Salle:
            rooms = Salle.objects.select_related("maison").order_by("maison__nom", "nom")
            return {"queryset": rooms, "form_class": RoomField}
        if related is Maison:
            return {"queryset": Maison.objects.order_by("nom")}
        return super().scope(db_field, request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "association" and field.queryset[:2].count() == 1:
            field.empty_label, field.initial = None, field.queryset.get()
        return field

    def get_changeform_initial_data(self, request):
        """Last season again (V3), else what the association did last, which often stays (V5)."""
        first, last = saison.bounds()
        known = {"premier": first, "dernier": last, "places": PLACES}
        if season := self.season_before(request):
            return saison.again(season)
        if before := saison.last_of(request.user):
            known |= {name: getattr(before, name) for name in KEPT} | saison.rhythm_of(before)
            known["places"] = before.places or PLACES
        return known

    def season_before(self, request):
        """The activity that `?saison=` asks to begin again; none, most often."""
        key = request.GET.get("saison")
        return self.get_or_404(request, key) if key is not None else None

    def has_delete_permission(self, request, obj=None):
        kept = obj and (obj.publie_le or obj.seances.exists())
        return not kept and super().has_delete_permission(request, obj)

    def get_urls(self):
        guard, name = self.admin_site.admin_view, "associations_activite"
        return [
            path("<int:pk>/publier/", guard(self.publish), name=f"{name}_publish"),
            path("<int:pk>/apercu/", guard(self.preview), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        self.season_before(request)  # another's is nowhere, whatever the method
        return super().add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        activite = self.get_or_404(request, object_id)
        dates = Seance.objects.filter(activite=activite).select_related("salle", "maison")
        coming = activites.coming(activite)
        over = dates.filter(Q(fin__lte=timezone.now()) | Q(annule_le__isnull=False))
        series = list(saison.series_of(activite).prefetch_related("ecartees"))
        context = {
            "dates": coming[:SHOWN],
            "more": max(coming.count() - SHOWN, 0),
            "over": over.order_by("-debut")[:OVER],
            "series": [(serie, salles.instead(serie)) for serie in series],
            "may": self.verbs(request, activite),
            "today": timezone.localdate(),
            "refus": "" if activite.publie_le else self.refusal(activite),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def refusal(self, activite):
        """Told as soon as a draft is opened, not once all of it is written."""
        return adhesions.fault(activite.association, max(activite.premier, timezone.localdate()))

    def save_model(self, request, obj, form, change):
        obj.slug = obj.slug or free_slug(obj, obj.titre)
        if not change:
            obj.precedente = self.season_before(request)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        activites.describe(form.instance)
        for seance in inscriptions.lists(form.instance):  # more places, or no list any more
            inscriptions.describe(form.instance, seance)
        if form.serie:
            self.plan(request, form)

    def plan(self, request, form):
        """The sessions of the rhythm that was asked for; without any, the draft is kept."""
        try:
            with transaction.atomic():
                booked, left_out = activites.plan(form.instance, form.serie, by=request.user)
                if not booked:
                    raise ValidationError(IMPOSSIBLE)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            more = "s" * (len(left_out) > 1)
            told = f"{len(booked)} séance{'s' * (len(booked) > 1)} créée{'s' * (len(booked) > 1)}"
            messages.success(request, f"{told}, {len(left_out)} date{more} écartée{more}.")

    def response_add(self, request, obj, post_url_continue=None):
        """To its page, where its sessions are read."""
        super().response_add(request, obj, post_url_continue)
        return self.back(obj)

    @method_decorator(require_safe)
    def preview(self, request, pk):
        """As the public will see it."""
        found = self.get_or_404(request, pk)
        context = activity_page(found) | {"may": self.verbs(request, found)}
        page = "activite" if found.publie_le else "gestion/apercu"
        return render(request, f"associations/{page}.html", context)

    @method_decorator(require_POST)
    def publish(self, request, pk):
        activite = self.activite_for(request, pk, "change")
        told = f"« {activite} » est publiée, avec ses séances."
        return self.done(request, activite, "publiée", activites.publish, activite, told=told)
