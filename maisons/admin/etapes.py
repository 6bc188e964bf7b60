from django.core.exceptions import ValidationError
from django.shortcuts import render

from maisons import series
from maisons.admin.repetition import grouped
from maisons.forms.refus import tell


def typed(posted):
    """[(name, value)] of what was answered, to be sent again as it is."""
    answers = [(name, value) for name, values in posted.lists() for value in values]
    return [pair for pair in answers if pair[0] != "csrfmiddlewaretoken"]


class TwoSteps:
    """Acts on dates that are looked at before they are done; for an admin class."""

    def two_steps(self, request, act, form, done, page="maisons/gestion/serie_acte", **shown):
        """What the act would do, then the act: the answers wait in hidden fields in between."""
        preview = None
        if form.is_valid():
            try:
                if "faire" in request.POST:
                    return done(request, act, form)
                preview = act.preview(series.rehearse(act.run, form, request.user))
            except ValidationError as error:
                tell(form, error)
        context = self.admin_site.each_context(request) | {
            "title": act.title,
            "opts": self.opts,
            "act": act,
            "form": form,
            "groups": grouped(form),
            "preview": preview,
            "answers": typed(request.POST),
        }
        return render(request, f"{page}.html", context | shown)
