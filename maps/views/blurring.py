"""One photo on the desk: what is blurred in it, and whether it is published."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_app.distortions.blurring import MOST_RECTANGLES, blur_photo
from gis_app.distortions.blurring import preview as previewed
from gis_app.distortions.judging import may_judge
from gis_app.distortions.models import Photo
from gis_app.errors import Forbidden, Refused
from maps.blurs import BlurForm
from maps.desk import case_of
from maps.proof import with_sentences
from maps.views.staff import staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The photo with its rectangles; sending them blurs it, or shows what it would look like."""
    photo = _photo(request.user, token)
    if request.method != "POST":
        return _shown(request, photo, BlurForm.of(photo))
    form = BlurForm(request.POST)
    if not form.is_valid():
        return _shown(request, photo, form, status=422)
    if request.POST.get("deed") == "preview":
        return _shown(request, photo, form, is_preview=True)
    try:
        blur_photo(token=token, rectangles=form.rectangles, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, photo, form, status=refusal.status)
    messages.success(request, _("The photo is now shown like this."))
    return redirect(f"{reverse('maps:blur', args=[token])}?{request.GET.urlencode()}#seen")


@require_safe
@never_cache
@staff_only
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """What the photo would look like with the rectangles of the question; nothing is kept."""
    form = BlurForm(request.GET)
    if not form.is_valid():
        raise Refused(form.errors["__all__"][0])
    picture = previewed(token=token, rectangles=form.rectangles, by=request.user)
    return HttpResponse(picture.large, content_type="image/jpeg")


def _photo(user, token: str) -> Photo:
    if not may_judge(user):
        raise Forbidden
    found = Photo.objects.shown_to(user).filter(token=token).first()
    if found is None or case_of(user, found.distortion.number) is None:
        raise Http404
    return with_sentences([found], user=user)[0]


def _shown(
    request: HttpRequest, photo: Photo, form: BlurForm, *, is_preview=False, status=200
) -> HttpResponse:
    return render(
        request,
        "maps/blur.html",
        {
            "photo": photo,
            "distortion": case_of(request.user, photo.distortion.number),
            "form": form,
            "is_preview": is_preview,
            "most": MOST_RECTANGLES,
            "may_judge": True,
            "kept": request.GET.urlencode(),
            "is_staff_page": True,
        },
        status=status,
    )
