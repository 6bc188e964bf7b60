# The menu follows this order, from the daily task to the rare one.
from conseils.admin.reunion import ReunionAdmin  # isort: skip
from conseils.admin.conseil import ConseilAdmin  # isort: skip
from conseils.admin.secretariat import InvitationSecretariatAdmin, SecretariatAdmin  # isort: skip

__all__ = ["ConseilAdmin", "InvitationSecretariatAdmin", "ReunionAdmin", "SecretariatAdmin"]
