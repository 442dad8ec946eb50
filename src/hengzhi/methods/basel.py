"""Capital for operational risk under the Basel standardised approach: business indicator component and loss multiplier."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BUCKET_EDGES_BN = (0.0, 1.0, 30.0)  # OPE25.6, billions of euros
BUCKET_RATES = (0.12, 0.15, 0.18)


def indicator_component(business_indicator_bn: ArrayLike) -> Floats:
    """The business indicator component, in billions: each stretch of the indicator at its own rate.

    Source: Basel framework OPE25.6.

    >>> round(float(indicator_component(35)), 9)
    5.37
    """
    bi = np.asarray(business_indicator_bn, float)
    if np.any(bi < 0):
        raise ValueError("a business indicator is not negative")
    uppers = (*BUCKET_EDGES_BN[1:], np.inf)
    parts = [rate * np.clip(bi - low, 0, high - low) for rate, low, high in zip(BUCKET_RATES, BUCKET_EDGES_BN, uppers, strict=True)]
    return np.asarray(sum(parts), dtype=np.float64)


def loss_multiplier(component: ArrayLike, loss_component: ArrayLike) -> Floats:
    """The internal loss multiplier ln(e - 1 + (LC / BIC)^0.8); 1 when losses equal the component.

    Source: Basel framework OPE25.11.

    >>> round(float(loss_multiplier(5.37, 5.37)), 9)
    1.0
    """
    ratio = np.asarray(loss_component, float) / np.asarray(component, float)
    return np.asarray(np.log(np.e - 1 + ratio**0.8), dtype=np.float64)


def loss_component(average_annual_losses: ArrayLike) -> Floats:
    """Fifteen times the average annual losses of ten years.

    Source: Basel framework OPE25.9.
    """
    return 15 * np.asarray(average_annual_losses, float)


def capital(business_indicator_bn: ArrayLike, loss: ArrayLike) -> Floats:
    """Component times multiplier; banks of the first bucket take a multiplier of 1.

    Source: Basel framework OPE25.2 and OPE25.12.
    """
    bi = np.asarray(business_indicator_bn, float)
    component = indicator_component(bi)
    return np.where(bi <= BUCKET_EDGES_BN[1], component, component * loss_multiplier(component, loss))
