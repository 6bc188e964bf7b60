"""Of the associations that somebody acts for, the one at work in `/gestion/`, or all."""

from associations.models import Association, MembreAssociation

KEY = "association_au_travail"


def mine(user):
    """Those of the mandates in force of somebody, whatever is chosen."""
    mandates = MembreAssociation.objects.in_force().filter(compte=user)
    return Association.objects.filter(pk__in=mandates.values("association"))


def take_up(request):
    """Narrow what `request.user` manages to the choice kept; one over is forgotten."""
    chosen = request.session.get(KEY)
    if chosen is None:
        return
    if mine(request.user).filter(pk=chosen).exists():
        request.user.at_work = chosen
    else:
        del request.session[KEY]


def choose(request, pk):
    """The key of one of `mine()`, or 0 for all of them."""
    if pk:
        request.session[KEY] = pk
    else:
        request.session.pop(KEY, None)


def shown(user):
    """What the header says, to who acts for several associations: the one at work, or all."""
    if user.is_superuser or not user.roles & set(MembreAssociation.Role.values):
        return ""
    names = dict(mine(user).values_list("pk", "nom"))
    if len(names) < 2:
        return ""
    return names.get(getattr(user, "at_work", None), "toutes mes associations")
