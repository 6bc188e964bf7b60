"""The portal under load: real servers, many clients at once, and what `make bench` measures."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portail.settings")
