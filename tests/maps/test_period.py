"""A period in figures: of the days that were asked for, or of the quarter."""

import pytest

pytestmark = pytest.mark.django_db
PAGE = "/planner/period/"


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("", "2026-01-01", "2026-03-01"),
        ("?to=2025-11-30", "2025-10-01", "2025-11-30"),
        ("?from=&to=2025-11-30", "2025-10-01", "2025-11-30"),
        ("?to=2026-03-01", "2026-01-01", "2026-03-01"),
        ("?from=2026-02-01", "2026-02-01", "2026-03-01"),
    ],
)
def test_without_a_first_day_it_is_the_quarter_until_the_last(
    planner, city, clock, question, first, last
):
    context = planner.get(f"{PAGE}{question}").context

    assert (str(context["first"]), str(context["last"])) == (first, last)


@pytest.mark.parametrize(
    "question", ["?to=2030-01-01", "?to=soon", "?from=2026-02-01&to=2026-01-01"]
)
def test_days_that_cannot_be_are_refused_in_words(planner, city, clock, question):
    answer = planner.get(f"{PAGE}{question}")

    assert answer.status_code == 400
    assert any(f"<bdi>{word}</bdi>" in answer.content.decode() for word in ("من", "إلى"))
