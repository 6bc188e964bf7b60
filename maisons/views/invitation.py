"""The page of an invitation, which its code opens: it says for whom; one button accepts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

ACTS = ("", "accepter")


def show(request, invitation, act):
    if act not in ACTS:
        raise Http404
    here, refused = reverse("comptes:code_open", args=[invitation.code]), ""
    if act and not (request.method == "POST" and request.user.is_authenticated):
        return redirect(here)
    if act:
        try:
            invitation.accept(request.user)
        except ValidationError as error:
            refused = error.messages[0]
        else:
            messages.success(request, f"Invitation acceptée : {invitation.place}.")
            return redirect("admin:index")
    context = {
        "invitation": invitation,
        "lieu": invitation.place,
        "telephone": getattr(invitation.place, "telephone", ""),
        "here": here,
        "refused": refused,
        "mine": request.user.is_authenticated and invitation.is_for(request.user),
    }
    return render(request, "maisons/invitation.html", context)
