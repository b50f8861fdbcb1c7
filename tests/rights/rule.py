"""Who may enter where and read what, in a few lines that know nothing of the code."""

from tests.rights.doors import Door
from tests.rights.world import PUBLIC_CASES, Case, Person

STAFF_AREAS = {"desk", "planner", "field"}
SENDERS_AREAS = {"track", "stop"}  # whoever knows these private addresses is the sender
TO_NOBODY = {
    "contact name", "contact phone", "contact e-mail",  # but to whoever presses "Show contact"
    "address to stop messages", "supporter",
}  # fmt: skip
TO_THOSE_WHO_WORK_ON_IT = {"withheld photo", "note of staff", "name of staff"}
TO_ITS_SENDER_TOO = {
    "words", "landmark", "report's identifier", "uncleared photo",
    "exact longitude", "exact latitude",
}  # fmt: skip
# A photo's and a report's own address is for those who work on it, and for who sent it.
OF_THE_SENDER = {"api/v1/reports/<anycase:id>", "photos/<slug:token>/<slug:size>.jpg"}


def may_enter(person: Person, door: Door) -> bool:
    """Whether *person* may be in that part of the project at all."""
    if door.area == "admin":
        return person.is_manager
    return person.is_staff or door.area not in STAFF_AREAS


def may_open(person: Person, door: Door, case: Case) -> bool:
    """Whether this case is there for *person* at this door."""
    if door.area in SENDERS_AREAS:
        return True
    if case.name in person.works_on:
        return True
    if door.route in OF_THE_SENDER:
        return person.is_sender
    is_public = case.name in PUBLIC_CASES
    return is_public and door.area not in {"admin", *STAFF_AREAS}


def may_read(kind: str, person: Person, door: Door, case: Case) -> bool:
    """Whether a secret of that *kind* may stand in what *person* is answered at *door*."""
    is_hers = case.name in person.works_on
    is_sender = person.is_sender or door.area in SENDERS_AREAS
    if kind in TO_NOBODY:
        return False
    if kind in TO_THOSE_WHO_WORK_ON_IT:
        return is_hers or (kind == "name of staff" and person.is_manager)
    if kind in TO_ITS_SENDER_TOO:
        return is_hers or is_sender
    assert kind == "private address", f"Say in tests/rights/rule.py who may read: {kind}"
    return is_sender
