"""Business days, against the calendar as it was published."""

from datetime import date

import pytest

from chancela.domain.tabelas.dias_uteis import good_friday, is_business_day, next_business_day


@pytest.mark.parametrize(
    "sexta",
    [
        date(2000, 4, 21),
        date(2008, 3, 21),
        date(2011, 4, 22),
        date(2025, 4, 18),
        date(2026, 4, 3),
        date(2038, 4, 23),
    ],
)
def test_good_friday(sexta: date) -> None:
    assert good_friday(sexta.year) == sexta
    assert not is_business_day(sexta)


def test_holidays_of_2026_that_fall_in_the_week() -> None:
    """All of them; 15 November is a Sunday."""
    dias = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert [f"{d:%d/%m}" for d in dias if d.weekday() < 5 and not is_business_day(d)] == [
        "01/01", "03/04", "21/04", "01/05", "07/09", "12/10", "02/11", "20/11", "25/12",
    ]  # fmt: skip
    assert not any(is_business_day(d) for d in dias if d.weekday() >= 5)


@pytest.mark.parametrize(
    ("dia", "seguinte"),
    [
        (date(2026, 11, 23), date(2026, 11, 24)),
        (date(2026, 11, 19), date(2026, 11, 23)),
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 4, 2), date(2026, 4, 6)),
        (date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_the_next_one(dia: date, seguinte: date) -> None:
    assert next_business_day(dia) == seguinte
