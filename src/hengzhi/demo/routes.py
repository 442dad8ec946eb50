"""The way of a case through the demo bank: which steps it passes, at which desk, and after how much working time."""

from __future__ import annotations

import numpy as np

from hengzhi.demo.bank import Floats, Integers
from hengzhi.demo.columns import Instants, Mask, first_day
from hengzhi.demo.institution import ACTIVITIES
from hengzhi.demo.services import CARD, HANDLED

WORKDAY = 8 * 3600  # 09:00 to 17:00, every day: no calendar effect hides in the handling times
_OPENS = np.timedelta64(9, "h")
_LOOP_SECONDS = 19 * 3600 / 3  # 19 hours of the clock, a third of them working time
_REPEATED_ENTRY = 0.035
_NOTIFIED = 0.85
_SLOW_CARDS = 0.27  # share of card applications that wait for a credit inquiry of 31 to 44 days

# The slots of a route: activity, and the weight of the time that passes before it.
_ROUTE = (
    ("intake", 0.0),
    ("entry", 0.5),
    ("entry", 0.5),  # a repeated entry
    ("check", 1.5),
    ("review", 2.0),
    ("supplement", 0.0),  # the loop takes its own time
    ("review", 0.0),
    ("approve", 2.0),
    ("issue", 1.0),
    ("notify", 0.5),
    ("archive", 0.5),
)
_AGAIN, _REVIEW, _SUPPLEMENT, _REVIEW_AGAIN, _NOTIFY, LAST = 2, 4, 5, 6, 9, 10
_FRONT, _REVIEW_TEAM, _SUPPLEMENT_TEAM = range(3)  # as in TEAMS
ACTIVITY_OF_SLOT = np.array([[code for code, _ in ACTIVITIES].index(activity) for activity, _ in _ROUTE])
_WEIGHTS = np.array([weight for _, weight in _ROUTE])


def steps(chance: np.random.Generator, loops: Mask) -> Mask:
    """For each case which slots of the route it passes."""
    happens = np.ones((len(loops), len(_ROUTE)), dtype=bool)
    happens[:, _AGAIN] = chance.random(len(loops)) < _REPEATED_ENTRY
    happens[:, _SUPPLEMENT] = happens[:, _REVIEW_AGAIN] = loops
    happens[:, _NOTIFY] = chance.random(len(loops)) < _NOTIFIED
    return happens


def handling_days(chance: np.random.Generator, service: Integers, factor: Floats) -> Floats:
    """Working days from entry to end: gamma of shape 2 about the service's mean; slow card applications apart."""
    means = np.array([each.days for each in HANDLED])
    days = chance.gamma(2, 0.5, len(service)) * means[service] * factor
    slow = (chance.random(len(service)) < _SLOW_CARDS) & (service == CARD)
    return np.where(slow, chance.uniform(31, 44, len(service)), days)


def waits(chance: np.random.Generator, happens: Mask, days: Floats) -> Integers:
    """For each slot the working seconds since the case entered; a loop adds its own to the days."""
    gaps = chance.standard_exponential(happens.shape) * _WEIGHTS * happens
    gaps *= (days * WORKDAY / gaps.sum(axis=1))[:, None]
    extra = chance.gamma(2, _LOOP_SECONDS / 4, (len(days), 2))
    gaps[:, [_SUPPLEMENT, _REVIEW_AGAIN]] += extra * happens[:, [_SUPPLEMENT]]
    found: Integers = np.cumsum(gaps.astype(np.int64) + 1, axis=1)
    return found


def teams(chance: np.random.Generator, service: Integers, loops: Mask) -> Integers:
    """For each slot its team: the front desk, from the review on the review desk where handed on, the loop's own desk."""
    handed_on = chance.random(len(service)) < np.array([each.handed_on for each in HANDLED])[service]
    after = np.where(handed_on, _REVIEW_TEAM, _FRONT)
    found = np.full((len(service), len(_ROUTE)), _FRONT, dtype=np.int64)
    found[:, _REVIEW:] = after[:, None]
    found[:, _SUPPLEMENT] = np.where(loops, _SUPPLEMENT_TEAM, after)
    return found


def clock(month: int, working: Integers) -> Instants:
    """Working seconds counted from the start of ``month`` as local instants."""
    days = (working // WORKDAY).astype("timedelta64[D]")
    local: Instants = first_day(month) + days + (working % WORKDAY).astype("timedelta64[s]") + _OPENS
    return local
