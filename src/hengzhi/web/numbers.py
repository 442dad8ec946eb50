"""Numbers as a reader sees them: separators, fixed decimals, a dash for what is missing, words for a change."""

from __future__ import annotations

from django.utils.translation import gettext as _

MISSING = "—"


def count(value: float | None) -> str:
    """A whole number with thousands separators."""
    return MISSING if value is None else f"{value:,.0f}"


def decimal(value: float | None, places: int = 1) -> str:
    """A number with fixed decimals and thousands separators."""
    return MISSING if value is None else f"{value:,.{places}f}"


def share(value: float | None, places: int = 1) -> str:
    """A share between 0 and 1 in per cent."""
    return MISSING if value is None else f"{100 * value:,.{places}f}%"


def change(difference: float | None, *, up_is_good: bool, places: int = 1) -> tuple[str, str]:
    """A change as (kind, words): kind is better, worse or same, and the words carry the sign."""
    if difference is None:
        return "same", MISSING
    if round(difference, places) == 0:
        return "same", _("unchanged")
    signed = f"{difference:+,.{places}f}".replace("-", "−")
    if (difference > 0) == up_is_good:
        return "better", _("better %(by)s") % {"by": signed}
    return "worse", _("worse %(by)s") % {"by": signed}
