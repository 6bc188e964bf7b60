"""Writing events, each with its date, published when they are new."""

from maisons import planning
from maisons.models import Creneau, Evenement, Maison, Occurrence
from portail.importation.coordonnees import position
from portail.importation.ecriture import Ecrivain, by_name, free_slug
from portail.importation.instants import span
from portail.importation.rapport import Rejet
from portail.importation.texte import clean, key, one_line, shorten

GARDER = {"adresse": "adresse_libre"}
ADRESSE_MAX = Creneau._meta.get_field("adresse_libre").max_length


class EcrivainEvenements(Ecrivain):
    def prepare(self, fiches):
        self.houses = by_name(Maison.objects.all())
        known = Evenement.objects.filter(reference__startswith=self.prefixe)
        dated = known.prefetch_related("occurrences__maison", "occurrences__quartier")
        self.by_reference = {row.reference: row for row in dated}

    def write(self, fiche):
        said, defaults = self.values(fiche)
        when = span(fiche)
        where, firm = self.place(fiche)
        titre = said.get("titre") or defaults.get("titre")
        reference = self.reference(fiche, f"{key(titre)[:60]}-{when.debut:%Y%m%d%H%M}")
        if not self.once(fiche, "même référence que", reference):
            return None
        if not when.heure_connue and any(map(fiche.text, ("heure_debut", "heure_fin"))):
            self.note("heure incomplète ou en texte libre : annoncé à la journée")
        row = self.by_reference.get(reference) or Evenement(reference=reference)
        created = row.pk is None
        changed = self.fill_event(row, said, defaults, where["maison"])
        if created:
            row.slug = free_slug(Evenement.objects, row.titre, 140, "evenement")
        if changed:
            self.save(row)
        self.by_reference[reference] = row
        place = {"debut": when.debut, "fin": when.fin, "heure_connue": when.heure_connue, **where}
        if created:
            planning.book(Occurrence(evenement=row, titre=row.titre, **place))
            if self.fichier.publier:
                planning.publish(row)
            return True, True
        if changed:
            planning.describe(row)
        if not firm:
            del place["quartier"]  # given by default: staff may have put it elsewhere
        return False, self.follow(row, place) or changed

    def fill_event(self, row, said, defaults, maison):
        if (said | defaults).get("gratuit"):
            said.pop("tarif", None)  # « 0 € »: a free event has no price
            row.tarif = ""
        elif said.get("tarif") and row.gratuit:
            said["gratuit"] = False
        if said.get("description") and "resume" not in said:
            said["resume"] = shorten(one_line(said["description"]), 200)
        if maison:
            said["maison"] = maison
        return self.fill(row, said, defaults)

    def place(self, fiche):
        """
        (columns of the date, whether the file itself says the quartier).

        In a house that the portal knows, without holding a room; else outside, in a quartier.
        """
        name, portee = fiche.text("maison"), Creneau.Portee.SANS_SALLE
        place = {"maison": self.houses.get(key(name)) if name else None, "adresse_libre": ""}
        if place["maison"]:
            return place | {"portee": portee, "quartier": place["maison"].quartier}, True
        adresse = shorten(one_line(clean(fiche.text("adresse"))), ADRESSE_MAX)
        if not adresse:
            raise Rejet("ni adresse ni maison connue")
        quartier, said = self.quartier(fiche, position(fiche))
        outside = {"portee": Creneau.Portee.HORS_LES_MURS, "adresse_libre": adresse}
        return place | outside | {"quartier": quartier}, said

    def follow(self, evenement, place):
        """Move the only date of an event where the file now says; what staff arranged stays."""
        dates = list(evenement.occurrences.all())
        if len(dates) != 1 or dates[0].annule_le:
            self.note("dates arrangées ou annulées sur le portail : laissées ainsi")
            return False
        kept = {GARDER.get(name, name) for name in self.fichier.garder}
        place = {name: value for name, value in place.items() if name not in kept}
        if all(getattr(dates[0], name) == value for name, value in place.items()):
            return False
        planning.move(dates[0], **place)
        return True
