from comptes.forms import CourrielForm, PiegeField


class SuivreForm(CourrielForm):
    """One answer: where to write."""

    site_web = PiegeField()
