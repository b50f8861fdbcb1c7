"""Pages for those who work for the city."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from gis_app.errors import Forbidden

View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """Send strangers to the sign-in; refuse residents, and who came by a crew's link."""
    return _guarded(view, with_links=False)


def staff_and_links(view: View) -> View:
    """As `staff_only`, but open to whoever came by a crew's link too: her team's work."""
    return _guarded(view, with_links=True)


def _guarded(view: View, *, with_links: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not user.is_city_staff or (user.is_by_link and not with_links):
            raise Forbidden
        return view(request, *args, **kwargs)

    return guarded
