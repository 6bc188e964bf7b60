from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class MandatBackend(ModelBackend):
    """The verbs of the roles held today: a mandate that ends takes its rights with it at once."""

    def authenticate(self, request, **credentials):
        return None  # allauth signs people in, with its limits on attempts

    def _get_group_permissions(self, user_obj):
        return Permission.objects.filter(group__name__in=user_obj.roles)
