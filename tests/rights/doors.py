"""Every address that the resolver knows, and what is written in its place for one case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.rights.world import Case

ARGUMENT = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")
REGISTER = "Say in tests/rights/doors.py, ALIKE or OF_A_CASE, what stands for <{}> in {}."

# What stands for an argument wherever it occurs.
ALIKE = {
    "app_label": "distortions",
    "code": "TAIF-001",
    "content_type_id": 1,
    "format": "geojson",
    "key": 1,
    "layer": "districts",
    "name": "accept",
    "pk": 1,
    "sha256": "0" * 64,
    "signed": "x",
    "size": "large",
    "url": "nothing",
    "x": 40123,  # with y and z: a tile in the middle of the city
    "y": 28804,
    "z": 16,
}
# What stands for an argument when it is about a case; the first beginning of the address decides.
OF_A_CASE = {
    ("number", ""): lambda case: case.distortion.number,
    ("other", ""): lambda case: case.other,
    ("id", "api/v1/reports/"): lambda case: case.report.pk,
    ("id", ""): lambda case: uuid4(),
    ("token", "track/"): lambda case: case.report.track_token,
    ("token", "stop/"): lambda case: case.report.contact.stop_token,
    ("token", ""): lambda case: case.photo.token,
    ("object_id", "admin/distortions/distortion/"): lambda case: case.distortion.pk,
    ("object_id", "admin/distortions/report/"): lambda case: case.report.pk,
    ("object_id", "admin/distortions/photo/"): lambda case: case.photo.pk,
}


@dataclass(frozen=True)
class Door:
    """One address of the project, with the places that have to be filled."""

    route: str
    name: str

    @property
    def arguments(self) -> list[str]:
        return [regex or route for regex, route in ARGUMENT.findall(self.route)]

    @property
    def area(self) -> str:
        """The first part of the address: desk, admin, api …"""
        return self.route.partition("/")[0]

    @property
    def is_about_a_case(self) -> bool:
        return any(self._of_a_case(argument) for argument in self.arguments)

    def path(self, case: Case | None) -> str:
        """The address with everything in its place."""
        return "/" + ARGUMENT.sub(lambda found: str(self._value(found, case)), self.route)

    def _value(self, found: re.Match, case: Case | None):
        argument = found[1] or found[2]
        of_a_case = self._of_a_case(argument)
        if of_a_case and case:
            return of_a_case(case)
        if argument == "object_id":
            return _any_row(*self.route.split("/")[1:3])
        assert argument in ALIKE, REGISTER.format(argument, self.route)
        return ALIKE[argument]

    def _of_a_case(self, argument: str):
        return next(
            (
                value
                for (name, beginning), value in OF_A_CASE.items()
                if name == argument and self.route.startswith(beginning)
            ),
            None,
        )

    def __str__(self) -> str:
        return self.route or "/"


def _any_row(app: str, model: str):
    """The key of some row that the admin has a page of; 0 where there is none."""
    known = (app, model) in {(of._meta.app_label, of._meta.model_name) for of in apps.get_models()}
    row = apps.get_model(app, model)._default_manager.first() if known else None
    return row.pk if row else 0


def all_doors() -> list[Door]:
    """Every address, once."""
    return sorted(set(_doors(get_resolver().url_patterns)), key=str)


def _doors(patterns: list[URLPattern | URLResolver], before="", space="") -> Iterator[Door]:
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").replace(r"\Z", "").rstrip("$")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _doors(pattern.url_patterns, route, inner)
        else:
            yield Door(route, f"{space}{pattern.name}")
