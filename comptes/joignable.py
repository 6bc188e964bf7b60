"""Who asks for something: somebody with an account, or a name with one way to be reached."""


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
        return self.courriel, self.telephone.as_national if self.telephone else ""

    @property
    def contact(self):
        """Who counts as one person: an e-mail address, with an account or not, else a number."""
        return self.compte.courriel if self.compte else self.courriel or str(self.telephone)
