"""Business days of the whole country: no Saturday, no Sunday, no national holiday. State and city holidays are left out.

National holidays: Leis 662/1949, 6.802/1980, 9.093/1995 and 14.759/2023; Good Friday moves with Easter.
"""

from datetime import date, timedelta

_FIXOS = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25))
_SABADO = 5


def is_business_day(dia: date) -> bool:
    """Whether banks and tax offices work everywhere on that day."""
    return dia.weekday() < _SABADO and (dia.month, dia.day) not in _FIXOS and dia != good_friday(dia.year)


def next_business_day(dia: date) -> date:
    """The first business day after `dia`."""
    seguinte = dia + timedelta(days=1)
    while not is_business_day(seguinte):
        seguinte += timedelta(days=1)
    return seguinte


def good_friday(ano: int) -> date:
    """Two days before Easter (Gregorian computus of Meeus, Jones and Butcher)."""
    a, b, c = ano % 19, ano // 100, ano % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    mes, resto = divmod(h + m - 7 * n + 114, 31)
    return date(ano, mes, resto + 1) - timedelta(days=2)
