"""The picture of an activity, from its page."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from associations import images
from associations.admin.formulaires.image import ImageForm
from associations.models import ImageActivite
from documents import lecture
from documents.televersement import receives_files


class ImagePages:
    """For the admin class of activities."""

    def get_urls(self):
        guard, space = self.admin_site.admin_view, "<int:pk>/image/"
        return [
            path(space, guard(self.image), name="associations_activite_image"),
            path(f"{space}retirer/", guard(self.image_remove), name="associations_image_remove"),
            path(f"{space}fichier/", guard(self.image_file), name="associations_image_file"),
            *super().get_urls(),
        ]

    def picture_of(self, activite):
        return ImageActivite.objects.filter(activite=activite).select_related("activite").first()

    @receives_files
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def image(self, request, pk):
        activite = self.activite_for(request, pk, "change")
        picture = self.picture_of(activite)
        form = ImageForm(
            request.POST or None,
            request.FILES or None,
            instance=picture or ImageActivite(activite=activite),
        )
        if form.is_valid():
            try:
                images.keep(form.instance, form.cleaned_data["fichier"], by=request.user)
            except ValidationError as error:
                form.refuse(error)
            else:
                self.log_change(request, activite, "image enregistrée")
                messages.success(request, "L’image est enregistrée.")
                return self.back(activite)
        title = "Image de l’activité"
        return self.page(request, "image", activite, title, form=form, picture=picture)

    @method_decorator(require_POST)
    def image_remove(self, request, pk):
        activite = self.activite_for(request, pk, "change")
        if picture := self.picture_of(activite):
            images.remove(picture, by=request.user)
            self.log_change(request, activite, "image retirée")
            messages.success(request, "L’image est retirée.")
        return self.back(activite)

    @method_decorator(require_safe)
    def image_file(self, request, pk):
        """That of a draft too, for who leads it; it has another address once public."""
        picture = self.picture_of(self.get_or_404(request, pk))
        if picture is None:
            raise Http404
        return lecture.answer(request, picture, public=False)

    def delete_model(self, request, obj):
        if picture := self.picture_of(obj):
            images.remove(picture, by=request.user)
        super().delete_model(request, obj)
