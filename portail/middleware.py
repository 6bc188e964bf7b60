from django.utils.cache import patch_cache_control


class PersonalPages:
    """A page made for somebody who is signed in stays out of every cache, the browser's too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.session.accessed:
            patch_cache_control(response, private=True, no_store=True)
        return response
