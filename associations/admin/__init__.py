# The menu follows this order, from the daily task to the rare one.
from associations.admin.inscription import InscriptionAdmin  # isort: skip
from associations.admin.activite import ActiviteAdmin  # isort: skip
from associations.admin.association import AssociationAdmin  # isort: skip

__all__ = ["ActiviteAdmin", "AssociationAdmin", "InscriptionAdmin"]
