# The menu follows this order, from the daily task to the rare one.
from associations.admin.association import AssociationAdmin

__all__ = ["AssociationAdmin"]
