"""Writing quartiers and sous-quartiers, with outlines that stay light and share their borders."""

from portail.importation.coordonnees import outline, simplified
from portail.importation.ecriture import Ecrivain, by_name, free_slug
from portail.importation.rapport import Rejet
from portail.importation.texte import key
from quartiers.models import Quartier, SousQuartier


class EcrivainQuartiers(Ecrivain):
    def prepare(self, fiches):
        self.rows = list(self.model.objects.all())
        self.exact, self.light = {}, {}
        for fiche in fiches:
            try:
                shape = outline(fiche.raw("contour"))
            except Rejet as rejet:
                self.bilan.remarques[f"sans contour, {rejet}"].append(fiche.rang)
            else:
                if shape:
                    self.exact[fiche.rang] = shape
        if self.exact:
            light = simplified(list(self.exact.values()))
            self.light = dict(zip(self.exact, light, strict=True))

    def write(self, fiche):
        said, defaults = self.values(fiche)
        name, code = said.get("nom") or defaults.get("nom"), said.get("code", "")
        whole = self.whole(fiche)
        for what, value in (("même nom que", name), ("même code que", code)):
            if value and not self.once(fiche, what, value, within=whole):
                return None
        said["contour"] = self.light.get(fiche.rang, [])
        row = self.existing(name, code, whole)
        created = row.pk is None
        changed = self.fill(row, said, defaults)
        if created:
            row.slug = free_slug(self.siblings(whole), row.nom, 80, "quartier")
        if changed:
            self.save(row)
        if created:
            self.rows.append(row)
        self.territoire.keep(row, self.exact.get(fiche.rang))
        return created, changed

    def existing(self, name, code, whole):
        """The row of this code, else of this name, else a new one."""
        by_code = {row.code: row for row in self.rows if row.code}
        return by_code.get(code) or by_name(self.rows).get(key(name)) or Quartier()

    def siblings(self, whole):
        return Quartier.objects

    def whole(self, fiche):
        """What it is a part of."""
        return None


class EcrivainSousQuartiers(EcrivainQuartiers):
    def existing(self, name, code, whole):
        parts = [row for row in self.rows if row.quartier_id == whole.pk]
        by_code = {row.code: row for row in parts if row.code}
        known = by_code.get(code) or by_name(parts).get(key(name))
        return known or SousQuartier(quartier=whole)

    def siblings(self, whole):
        return whole.sous_quartiers

    def whole(self, fiche):
        """Its quartier: said, or around the middle of its outline."""
        shape = self.exact.get(fiche.rang)
        middle = shape.representative_point() if shape else None
        return self.quartier(fiche, (middle.x, middle.y) if middle else None)[0]
