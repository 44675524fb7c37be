"""When the share of zero-risk reports somewhere is so high that one should look: a stated rule, not a feeling.

A share stands out when the lower end of its Wilson interval (95 %) lies above the share of the whole it is part of,
and it has enough reports. The interval is wide where reports are few, so a village with three of them never stands
out by chance, while a county with a slightly higher share of thousands does.
"""

from math import sqrt

Z = 1.96  # 95 % of a normal distribution lie within so many standard deviations
FEWEST = 10  # filed reports a share needs to be judged at all


def wilson_interval(hits: int, trials: int, z: float = Z) -> tuple[float, float]:
    """Return the ends of Wilson's interval for a share; the whole from nought to one when nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    share, spread = hits / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    reach = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def stands_out(zero: int, filed: int, zero_of_all: int, filed_of_all: int) -> bool:
    """Return whether a part's share of zero-risk reports is unusually high against the whole's."""
    if filed < FEWEST or filed_of_all == 0:
        return False
    return wilson_interval(zero, filed)[0] > zero_of_all / filed_of_all
