"""Files sent with a form: taken where one is expected, from who is signed in, up to a size."""

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


def receives_files(view):
    """Of a view whose form asks for a file; whatever else is sent elsewhere is thrown away."""
    view.receives_files = True
    return view


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """
    Keeps a file on disk while its form is read, and none of one that is too big.

    Such a file keeps its true size and loses what it holds: the form refuses it with a sentence,
    and finds again all that was typed.
    """

    spent = 0  # bytes of all the files of a request

    def new_file(self, *args, **kwargs):
        if not self.is_expected():
            raise SkipFile
        super().new_file(*args, **kwargs)

    def is_expected(self):
        match = getattr(self.request, "resolver_match", None)
        wanted = getattr(getattr(match, "func", None), "receives_files", False)
        return wanted and self.request.user.is_authenticated

    def receive_data_chunk(self, raw_data, start):
        self.spent += len(raw_data)
        if self.spent <= max(settings.DOCUMENT_SIZES.values()):
            self.file.write(raw_data)
        else:
            self.file.seek(0)
            self.file.truncate()
