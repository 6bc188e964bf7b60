"""Writing houses, with the rooms and hours that the profile gives to those that have none."""

from maisons import planning
from maisons.models import Horaire, Maison, Salle
from maisons.models.maison import Jour
from portail.importation.coordonnees import position
from portail.importation.ecriture import Ecrivain, by_name, free_slug
from portail.importation.instants import opening_hours
from portail.importation.rapport import Rejet
from portail.importation.texte import key, shorten

A_CONFIRMER = "{} donnés par défaut : à confirmer auprès de la maison."


class EcrivainMaisons(Ecrivain):
    def prepare(self, fiches):
        rows = list(Maison.objects.all())
        self.by_reference = {row.reference: row for row in rows if row.reference}
        self.by_name = by_name(rows)

    def write(self, fiche):
        said, defaults = self.values(fiche)
        name = said.get("nom") or defaults.get("nom")
        reference = self.reference(fiche, key(name))
        self.place(fiche, said, defaults)
        for what, value in (("même référence que", reference), ("même nom que", name)):
            if not self.once(fiche, what, value):
                return None
        row = self.existing(reference, name)
        created, adopted = row.pk is None, row.reference != reference
        changed = self.fill(row, said, defaults)
        if created:
            row.slug = free_slug(Maison.objects, row.nom, 100, "maison")
        if changed or adopted:
            row.reference = reference
            self.save(row)
        self.open(row, fiche)
        if not row.adresse:
            self.note("adresse à compléter")
        self.by_reference[reference] = self.by_name[key(row.nom)] = row
        return created, changed or adopted

    def existing(self, reference, name):
        """The house of this reference, else the one that staff had written under this name."""
        same_name = self.by_name.get(key(name))
        row = self.by_reference.get(reference)
        if same_name and same_name != row and (row or same_name.reference):
            raise Rejet(f"la maison « {same_name} » existe déjà, venue d’ailleurs")
        return row or same_name or Maison()

    def place(self, fiche, said, defaults):
        """Add its point, quartier and sous-quartier to what is to be written."""
        point = position(fiche)
        quartier, by_file = self.quartier(fiche, point)
        (said if by_file else defaults)["quartier"] = quartier
        if part := self.part(fiche, point, quartier):
            said["sous_quartier"] = part
        if point:
            said["longitude"], said["latitude"] = point
        elif {"position", "longitude"} & set(self.fichier.champs):
            self.note("sans coordonnées : absente de la carte")

    def open(self, maison, fiche):
        """Hours and rooms for a house without any; the page says which are only by default."""
        assumed = []
        if not maison.horaires.exists():
            hours = self.hours(fiche)
            if not hours and self.fichier.horaires:
                hours = self.fichier.horaires
                assumed.append("Horaires")
            for jour in Jour:
                for opens, closes in hours.get(jour.label, []):
                    Horaire.objects.create(maison=maison, jour=jour, ouvre=opens, ferme=closes)
        if self.fichier.salles and not maison.salles.exists():
            self.add_rooms(maison)
            assumed.append("salles")
        if assumed and not maison.avertissement:
            maison.avertissement = A_CONFIRMER.format(" et ".join(assumed).capitalize())
            self.save(maison)

    def hours(self, fiche):
        """{day: spans} of the file's own columns."""
        hours = {}
        for jour in Jour:
            text = fiche.text(jour.label)
            try:
                hours[jour.label] = opening_hours(text)
            except ValueError:
                self.note(f"horaires du {jour.label} illisibles, « {shorten(text, 60)} »")
        return hours if any(hours.values()) else {}

    def add_rooms(self, maison):
        rooms = {}
        for values in self.fichier.salles:
            values = dict(values)
            whole = rooms.get(values.pop("partie_de", None))
            room = Salle(maison=maison, partie_de=whole, **values)
            room.slug = free_slug(maison.salles, room.nom, 80, "salle")
            rooms[room.nom] = planning.save_room(room)
