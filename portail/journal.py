"""What never enters a log: the addresses and the codes that open something to whoever has them."""

import logging
import re

from django.views.debug import SafeExceptionReporterFilter

SECRET_PATHS = ("/code/", "/reservations/attente/", "/rendez-vous/attente/", "/suivre/")
SECRET_PATHS += ("/abonnements/", "/inscriptions/attente/", "/mon-agenda/")
# Paths may hold spaces once decoded: all that follows goes, but for the end of a request line.
# The files of a portal installed in /code/ stay readable.
ADDRESS = re.compile(rf"(?<!File \")({'|'.join(SECRET_PATHS)}).+?(?= HTTP/\d|$)", re.MULTILINE)
# PostgreSQL says what the row holds that it refuses.
DETAIL = re.compile(r"^DETAIL:.*$", re.MULTILINE)
CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


def mask(text):
    return CODE.sub("…", ADDRESS.sub(r"\1…", DETAIL.sub("DETAIL: …", text)))


class DiscreetFormatter(logging.Formatter):
    """Masks the whole line, once made: message, arguments, traceback and all."""

    def format(self, record):
        return mask(super().format(record))


class DiscreetReports(SafeExceptionReporterFilter):
    """Of a failure, where it happened: neither what was typed nor what a variable held."""

    def get_post_parameters(self, request):
        if request is None or not self.is_active(request):
            return super().get_post_parameters(request)
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request, tb_frame):
        if not self.is_active(request):
            return super().get_traceback_frame_variables(request, tb_frame)
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]
