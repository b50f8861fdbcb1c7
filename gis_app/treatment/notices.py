"""Which moves the reporters are told of, and in which words."""

from collections.abc import Sequence

from gis_app.distortions.gathering import family
from gis_app.distortions.models import Distortion, Photo, Report, Step, StepText
from gis_app.distortions.telling import Words, reachable, spoken, tell_reporters
from gis_app.messages.models import Message

# Move → kind of message. Of the others a reporter reads on her report's page.
TOLD = {
    "accept": "accepted",
    "return": "accepted",
    "treat": "treated",
    "verify": "verified",
    "reopen": "reopened",
    "reject": "rejected",
    "refer": "referred",
    "merge": "merged",
    "unmerge": "unmerged",
}
WITH_PHOTOS = ("treat", "verify")


def tell(step: Step) -> list[Message]:
    """Queue what the reporters are told of *step*, in its transaction: undone, nothing is sent."""
    contacts = reachable(_reports_of(step)) if step.move in TOLD else []
    if not contacts:
        return []
    text = StepText.objects.filter(step=step).first() or StepText()

    def words(language: str) -> Words:
        return {
            "promised": spoken(step.distortion.due_at, language),
            "reason": text.reason,
            "body": text.body,
            "reference": text.reference,
            "into": step.into.number if step.into else "",
        }

    return tell_reporters(
        contacts,
        kind=TOLD[step.move],
        event=str(step.uuid),
        more=words,
        pictures=_both_photos(step.distortion) if step.move in WITH_PHOTOS else (),
    )


def _reports_of(step: Step):
    """The reports that the move is about: after a merge they lie with the survivor."""
    if step.move == "merge":
        return Report.objects.filter(distortion=step.into, origin__in=family(step.distortion))
    return Report.objects.filter(distortion=step.distortion)


def _both_photos(distortion: Distortion) -> Sequence[tuple[str, str]]:
    """Return the first photo before and the last one after, of the public ones."""
    photos = list(Photo.objects.published().about(distortion).order_by("pk"))
    before = [("before", photo.token) for photo in photos if photo.kind == Photo.Kind.BEFORE]
    after = [("after", photo.token) for photo in photos if photo.kind == Photo.Kind.AFTER]
    return [*before[:1], *after[-1:]]
