"""Who may present an item: the members of the council and the elected in office that day."""

from conseils.models import Conseiller
from quartiers.models import Elu


def offered(conseils, on):
    """{« Paul Ferrand, adjoint à l’urbanisme »: who that is}, members first; two statements."""
    members = Conseiller.objects.in_office(on).filter(conseil__in=conseils)
    people = {str(person): person for person in members}
    # Somebody elected who is a member too is told as elected.
    return people | {str(person): person for person in Elu.objects.in_office(on)}
