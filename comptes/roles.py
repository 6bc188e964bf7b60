"""
The verbs of each role, in one table.

A role is a group; a person holds it through a Mandat in force today, never by hand. Which rows the
verbs reach is the business of `managed_by`.
"""

from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions

# Of whoever leads what an association does.
LED = {
    "associations.activite": ["view", "add", "change", "delete"],
    "associations.seance": ["view", "add", "change"],
    "associations.inscription": ["view", "add", "change"],
    "associations.miseadisposition": ["view", "add", "change"],
    "associations.budgetheures": ["view"],
}
# role: {app.model: verbs}
ROLES = {
    "accueil": {
        "maisons.maison": ["view", "change"],
        "maisons.salle": ["view", "add", "change"],
        "maisons.horaire": ["view", "add", "change", "delete"],
        "maisons.fermeture": ["view", "add", "change", "delete"],
        "maisons.evenement": ["view", "add", "change"],
        "maisons.occurrence": ["view", "add", "change"],
        "maisons.reservation": ["view", "change"],
        "associations.miseadisposition": ["view", "change"],
        "associations.evenementorganise": ["view", "add", "delete"],
        "permanences.permanence": ["view"],
        "permanences.vacation": ["view", "change"],
        "permanences.rendezvous": ["view", "add", "change"],
    },
    "direction": {
        "maisons.affectation": ["view", "change"],
        "maisons.invitationaffectation": ["view", "add", "change"],
        "maisons.maison": ["view", "change"],
        "maisons.salle": ["view", "add", "change", "delete"],
        "maisons.horaire": ["view", "add", "change", "delete"],
        "maisons.fermeture": ["view", "add", "change", "delete"],
        "maisons.evenement": ["view", "add", "change", "delete"],
        "maisons.occurrence": ["view", "add", "change"],
        "maisons.reservation": ["view", "change"],
        "associations.miseadisposition": ["view", "change"],
        "associations.evenementorganise": ["view", "add", "delete"],
        "permanences.permanence": ["view", "add", "change"],
        "permanences.pause": ["view", "add", "change", "delete"],
        "permanences.vacation": ["view", "add", "change"],
        "permanences.rendezvous": ["view", "add", "change"],
    },
    "secretaire": {
        "conseils.conseil": ["view", "change"],
        "conseils.conseiller": ["view", "add", "change", "delete"],
        "conseils.reunion": ["view", "add", "change", "delete"],
        "conseils.point": ["view", "add", "change", "delete"],
        "conseils.piece": ["view", "add", "change", "delete"],
    },
    "responsable": {
        "associations.association": ["view", "change"],
        "associations.membreassociation": ["view", "change"],
        "associations.invitationmembre": ["view", "add", "change"],
        "associations.adhesion": ["view"],
        "associations.attestation": ["view", "add"],
        **LED,
    },
    "animateur": {
        "associations.association": ["view"],
        **LED,
    },
    "intervenant": {
        "permanences.permanence": ["view", "change"],
        "permanences.pause": ["view", "add", "change", "delete"],
        "permanences.vacation": ["view", "add", "change"],
        "permanences.rendezvous": ["view", "add", "change"],
        "permanences.questionelu": ["view", "change"],
    },
}


def allowing(verb, model):
    """The roles that have a verb on a model."""
    label = model._meta.label_lower
    return {role for role, models in ROLES.items() if verb in models.get(label, [])}


def reaches(user, verb, row):
    """
    Whether a verb is held where a row is, if any: who directs a house and works at the desk of
    another has there the verbs of a desk. Most people have one role: nothing is asked for them.
    """
    if row is None or user.is_superuser or user.roles <= allowing(verb, row):
        return True
    return type(row).objects.managed_by(user, verb).filter(pk=row.pk).exists()


def declare_groups(sender, apps=all_apps, **kwargs):
    """After each migration, make the groups say what the table says."""
    if not isinstance(sender, type(all_apps.get_app_config("comptes"))):
        return
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for config in all_apps.get_app_configs():
        create_permissions(config, verbosity=0, apps=apps)
    for role, models in ROLES.items():
        group, _ = group_model.objects.get_or_create(name=role)
        wanted = [
            permission_model.objects.get(
                content_type__app_label=label.split(".")[0],
                codename=f"{verb}_{label.split('.')[1]}",
            )
            for label, verbs in models.items()
            for verb in verbs
        ]
        group.permissions.set(wanted)
