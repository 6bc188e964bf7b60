"""A page's score by the EcoIndex method, from its published numbers (parcours § 3)."""

from itertools import pairwise

NODES = [
    *[0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603],
    *[674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601],
]
REQUESTS = [
    *[0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78],
    *[86, 95, 105, 117, 130, 147, 170, 205, 281, 3920],
]
SIZE = [  # kB of 1000 bytes
    *[0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32],
    *[1648.27, 1876.08, 2142.06, 2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26],
]
GRADES = [(80, "A"), (70, "B"), (55, "C"), (40, "D"), (25, "E"), (10, "F")]


def quantile(bounds, value):
    for rank, (low, high) in enumerate(pairwise(bounds)):
        if value < high:
            return rank + (value - low) / (high - low)
    return 20


def score(nodes, requests, size):
    """From 0 to 100, of one first visit; `size` in kB."""
    weighed = 3 * quantile(NODES, nodes) + 2 * quantile(REQUESTS, requests) + quantile(SIZE, size)
    return round(100 - 5 * weighed / 6)


def grade(points):
    return next((letter for above, letter in GRADES if points > above), "G")
