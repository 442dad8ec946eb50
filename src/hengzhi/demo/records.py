"""Feedback of the demo bank beside ratings: about 560 records a quarter from six kinds of source (P7, N6)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hengzhi.core import Period
from hengzhi.demo.bank import Bank, Integers, choose
from hengzhi.demo.columns import Instants, Mask, blank, numbered, pick, received, rows_of
from hengzhi.demo.institution import GROUPS, MONTHS
from hengzhi.demo.ratings import SATISFIED, scores
from hengzhi.demo.services import HANDLED
from hengzhi.feedback.facts import FEEDBACK

_QUARTER_LEAST, _QUARTER_MOST = 540, 580
_P7_QUARTER, _P7_DISTINCT, _P7_RESENT = "2026Q2", 477, 84

# Kind, its source, its share.
_KINDS = (
    ("survey", "survey_tool", 0.36),
    ("interview", "interviews", 0.16),
    ("social_media", "social_monitor", 0.14),
    ("complaint", "complaint_system", 0.15),
    ("opinion", "mailbox", 0.10),
    ("suggestion", "mailbox", 0.09),
)
_SURVEY, _INTERVIEW, _SOCIAL, _COMPLAINT = range(4)
_CHANNELS = ["app", "online", "phone", "counter", "social"]
_CHANNEL_SHARES = (0.4, 0.2, 0.25, 0.15)  # social media stand apart
_CAUSES = ["waiting", "process", "attitude", "knowledge", "system", "fees", "information"]
_ISSUES = ["account", "card", "loan", "transfer", "app", "charges", "advice"]


def others(bank: Bank, month: int) -> pa.Table:
    """Surveys, interviews, social media, opinions and suggestions of a month."""
    table = _of_month(bank, month)
    return table.filter(pc.not_equal(table["kind"], "complaint"))


def complaints(bank: Bank, month: int) -> pa.Table:
    """The complaints of a month."""
    table = _of_month(bank, month)
    return table.filter(pc.equal(table["kind"], "complaint"))


def resent(bank: Bank, months: tuple[int, ...]) -> pa.Table:
    """The records of ``months`` that a second file delivers again (P7): 84 that are no complaints."""
    table = pa.concat_tables([others(bank, month) for month in months])
    chosen = bank.stream("P7").permutation(len(table))[:_P7_RESENT]
    return table.take(pa.array(np.sort(chosen)))


def _of_month(bank: Bank, month: int) -> pa.Table:
    quarter = Period.month(month).containing("quarter")
    table = _of_quarter(bank, quarter)
    start, end = Period.month(month).start, Period.month(month).end
    inside = pc.and_(pc.greater_equal(table["day"], pa.scalar(start)), pc.less(table["day"], pa.scalar(end)))
    return table.filter(inside)


def _of_quarter(bank: Bank, quarter: Period) -> pa.Table:
    chance = bank.stream("feedback", str(quarter))
    rows = int(chance.integers(_QUARTER_LEAST, _QUARTER_MOST, endpoint=True))
    days = np.sort(chance.integers(0, (quarter.end - quarter.start).days, rows)).astype("timedelta64[D]")
    day: Instants = np.datetime64(quarter.start) + days
    kind = choose(chance, [share for _, _, share in _KINDS], rows)
    table = rows_of(
        FEEDBACK,
        rows,
        source=pick([source for _, source, _ in _KINDS], kind),
        record=numbered(f"F{quarter}", np.arange(rows)),
        day=day,
        kind=pick([code for code, _, _ in _KINDS], kind),
        **_about(bank, chance, quarter, kind),
        **_opinions(chance, kind),
        **_handling(chance, quarter, kind, day),
    )
    return table.filter(pa.array(_kept(bank, quarter, rows)))


def _about(bank: Bank, chance: np.random.Generator, quarter: Period, kind: Integers) -> dict[str, pa.Array]:
    """What each record is about: channel, unit, service and customer; social media know neither unit nor customer."""
    rows, social = len(kind), kind == _SOCIAL
    service = chance.integers(0, len(HANDLED), rows)
    channel = np.where(social, len(_CHANNELS) - 1, choose(chance, _CHANNEL_SHARES, rows))
    return {
        "channel": pick(_CHANNELS, channel),
        "unit": pick(bank.branches, _any_branch(bank, chance, quarter, rows), empty=social),
        "product": pick([each.product for each in HANDLED], service),
        "service": pick([each.code for each in HANDLED], service),
        "group": pick([code for code, _ in GROUPS], choose(chance, (0.6, 0.2, 0.1, 0.1), rows)),
        "customer": pick(bank.customers, chance.integers(0, len(bank.customers), rows), empty=social),
    }


def _opinions(chance: np.random.Generator, kind: Integers) -> dict[str, pa.Array]:
    """What each record says: scores in surveys and interviews, a cause in the others."""
    rows, asked = len(kind), (kind == _SURVEY) | (kind == _INTERVIEW)
    nps = np.array([100, 0, -100])[choose(chance, (0.45, 0.37, 0.18), rows)]
    return {
        "satisfaction": blank(scores(chance, chance.random(rows) < SATISFIED), ~asked),
        "nps_points": blank(nps, kind != _SURVEY),
        "cause": pick(_CAUSES, chance.integers(0, len(_CAUSES), rows), empty=asked),
        "issue": pick(_ISSUES, chance.integers(0, len(_ISSUES), rows)),
    }


def _handling(chance: np.random.Generator, quarter: Period, kind: Integers, day: Instants) -> dict[str, pa.Array]:
    """What became of each complaint, as far as it is known on the day the month's file arrives."""
    answered = day + chance.integers(1, 25, len(kind)).astype("timedelta64[D]")
    arrives = np.array([received(month) for month in quarter.months()], dtype="datetime64[D]")
    known = answered <= arrives[(day.astype("datetime64[M]") - np.datetime64(quarter.start, "M")).astype(int)]
    untold = (kind != _COMPLAINT) | ~known
    return {
        "state": pick(["open", "closed"], known.astype(int), empty=kind != _COMPLAINT),
        "answered_day": blank(answered, untold),
        "timely": blank(chance.random(len(kind)) < 0.99, untold),
    }


def _kept(bank: Bank, quarter: Period, rows: int) -> Mask:
    """P7 leaves exactly 477 records of its quarter, spread over it; other quarters keep all."""
    keep = np.ones(rows, dtype=bool)
    if bank.plants("P7") and str(quarter) == _P7_QUARTER:
        keep[bank.stream("P7", "dropped").permutation(rows)[_P7_DISTINCT:]] = False
    return keep


def _any_branch(bank: Bank, chance: np.random.Generator, quarter: Period, rows: int) -> Integers:
    """A branch for each row, never one of the new ones: they have counter ratings only."""
    month = quarter.months()[0]
    old = np.array([opened <= MONTHS[0] for opened in bank.opened])
    reporting = bank.reporting(month)
    return reporting[choose(chance, old.astype(float), rows)]
