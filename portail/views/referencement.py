from django.contrib.sitemaps import views
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portail.cache import same_for_all
from portail.referencement import SITEMAPS, rules


@require_safe
def robots(request):
    return HttpResponse(rules(), content_type="text/plain; charset=utf-8")


@require_safe
@same_for_all()
def sitemap(request):
    return views.sitemap(request, SITEMAPS).render()
