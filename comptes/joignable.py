"""Who asks for something: somebody with an account, or a name with one way to be reached."""

import uuid

FRANCE = 33


def dialled(phone):
    """
    A number as it is dialled here: « 06 12 34 56 78 », or with its country when that is another.

    Without it, a number from elsewhere reads like one of ours: an SMS would reach a stranger.
    """
    if not phone:
        return ""
    return phone.as_national if phone.country_code == FRANCE else phone.as_international


class Joignable:
    """For a model with `compte`, `nom`, `courriel` and `telephone`: a row of one person."""

    @property
    def person(self):
        """As they are called."""
        return str(self.compte) if self.compte else self.nom

    @property
    def reached_at(self):
        """(e-mail address, phone number): where messages go; both empty when nowhere."""
        if self.compte:
            return self.compte.courriel, ""
        return self.courriel, dialled(self.telephone)

    @property
    def contact(self):
        """Who counts as one person: an e-mail address, with an account or not, else a number."""
        return self.compte.courriel if self.compte else self.courriel or str(self.telephone)


class AdresseProposee:
    """For a model with `jeton` and `courriel_propose`: another address, until it has answered."""

    def propose(self, courriel):
        """The token in a letter to the one proposed before opens nothing more."""
        if courriel != self.courriel_propose:
            self.jeton = uuid.uuid4()
        self.courriel_propose = courriel
