"""Places as people write them are read, whatever the map or the keyboard they come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_app.geo import crs
from gis_app.geo.spoken import NoPlace, ShortLink, read_place

CITY = crs.box(40.2, 21.1, 40.6, 21.5)
LAT, LON = 21.2702, 40.4153


@pytest.mark.parametrize(
    "text",
    [
        "21.2702, 40.4153",
        "40.4153 21.2702",
        "(21.2702,40.4153)",
        "٢١٫٢٧٠٢، ٤٠٫٤١٥٣",
        "۲۱.۲۷۰۲ ، ۴۰.۴۱۵۳",
        "21,2702 40,4153",
        "21,2702; 40,4153",
        "21.2702°N 40.4153°E",
        "E 40.4153, N 21.2702",
        "21.2702 شمالًا، 40.4153 شرقًا",
        "lat: 21.2702, lon: 40.4153",
        "خط الطول 40.4153 خط العرض 21.2702",
        "POINT(40.4153 21.2702)",
        "geo:21.2702,40.4153?z=17",
        "https://www.google.com/maps/@21.2702,40.4153,17z",
        "https://maps.google.com/?q=21.2702,40.4153",
        "https://www.google.com/maps/search/?api=1&query=21.2702%2C40.4153",
        "https://www.google.com/maps/place/X/@21.3,40.5,17z/data=!8m2!3d21.2702!4d40.4153",
        "https://www.google.com/maps/dir//21.2702,40.4153/",
        "https://maps.apple.com/?ll=21.2702,40.4153&q=Taif",
        "https://www.openstreetmap.org/?mlat=21.2702&mlon=40.4153#map=5/1/2",
        "https://www.openstreetmap.org/#map=17/21.2702/40.4153",
    ],
)
def test_a_place_is_read_in_every_usual_form(text):
    found = read_place(text, near=CITY)

    assert (found.y, found.x) == (LAT, LON)


@pytest.mark.parametrize(
    "text",
    [
        "21°16'12.7\"N 40°24'55.1\"E",
        "40°24′55.1″E 21°16′12.7″N",
        "٢١°١٦'١٢٫٧\" شمالا ٤٠°٢٤'٥٥٫١\" شرقا",
        "21° 16.21167' N, 40° 24.91833' E",
    ],
)
def test_degrees_may_have_minutes_and_seconds(text):
    found = read_place(text, near=CITY)

    assert (round(found.y, 6), round(found.x, 6)) == (21.270194, 40.415306)


@pytest.mark.parametrize(
    "text",
    ["", "21.27", "TAHB4821", "خلف المسجد", "1 2 3", "999, 40", "21.27 N", "0501234567"],
)
def test_what_names_no_place_is_refused_with_an_example(text):
    with pytest.raises(NoPlace):
        read_place(text, near=CITY)


def test_a_short_link_is_refused_with_the_way_out():
    with pytest.raises(ShortLink):
        read_place("https://maps.app.goo.gl/Ab3dEf5gH", near=CITY)


def test_outside_the_city_latitude_comes_first():
    found = read_place("24.71, 46.67", near=CITY)

    assert (found.y, found.x) == (24.71, 46.67)


def test_south_and_west_are_negative():
    found = read_place("33.9 S, 18.4 W", near=CITY)

    assert (found.y, found.x) == (-33.9, -18.4)


numbers = st.floats(min_value=0, max_value=1).map(lambda share: round(share * 0.4, 7))
WAYS = (
    "{lat:.7f}, {lon:.7f}",
    "{lon:.7f} {lat:.7f}",
    "{lat:.7f}N {lon:.7f}E",
    "https://maps.google.com/?q={lat:.7f},{lon:.7f}",
    "geo:{lat:.7f},{lon:.7f}",
)
DIGITS = (str.maketrans("", ""), str.maketrans("0123456789.,", "٠١٢٣٤٥٦٧٨٩٫،"))


@given(numbers, numbers, st.sampled_from(WAYS), st.sampled_from(DIGITS))
def test_what_was_written_is_what_is_read(east, north, way, digits):
    lat, lon = 21.1 + north, 40.2 + east

    found = read_place(way.format(lat=lat, lon=lon).translate(digits), near=CITY)

    assert (found.y, found.x) == (round(lat, 7), round(lon, 7))


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        found = read_place(text, near=CITY)
    except (NoPlace, ShortLink):
        return

    assert crs.in_world(found.x, found.y, found.x, found.y)
