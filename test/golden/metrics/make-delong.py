"""Makes the golden file of DeLong's intervals, from the definition over all pairs. Needs numpy and scipy; run it in this
folder."""

import json

import numpy as np
import scipy
from scipy.stats import norm

rng = np.random.default_rng(19880)


def structural(scores, labels):
    anomalous, normal = scores[labels == 1], scores[labels == 0]
    pairs = (anomalous[:, None] > normal[None, :]) + 0.5 * (anomalous[:, None] == normal[None, :])
    return pairs.mean(axis=1), pairs.mean(axis=0)


def case(first, second, labels, level):
    labels = np.asarray(labels, int)
    parts = [structural(np.asarray(scores, float), labels) for scores in (first, second)]
    areas = np.array([part[0].mean() for part in parts])
    of_anomalous = np.cov(np.stack([part[0] for part in parts]))
    of_normal = np.cov(np.stack([part[1] for part in parts]))
    covariance = of_anomalous / (labels == 1).sum() + of_normal / (labels == 0).sum()
    z = norm.ppf((1 + level) / 2)
    errors = np.sqrt(np.diag(covariance))
    difference = areas[0] - areas[1]
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    return {
        "first": np.asarray(first, float).tolist(),
        "second": np.asarray(second, float).tolist(),
        "labels": labels.tolist(),
        "level": level,
        "areas": areas.tolist(),
        "standardErrors": errors.tolist(),
        "low": np.maximum(0, areas - z * errors).tolist(),
        "high": np.minimum(1, areas + z * errors).tolist(),
        "covariance": covariance[0, 1],
        "difference": difference,
        "standardError": error,
        "differenceLow": max(-1, difference - z * error),
        "differenceHigh": min(1, difference + z * error),
        "pValue": 2 * norm.sf(abs(difference) / error),
    }


def drawn(n, share, gap):
    labels = (rng.random(n) < share).astype(int)
    labels[:4] = [0, 1, 0, 1]
    hard = rng.standard_normal(n)
    first = hard + 0.6 * rng.standard_normal(n) + gap * labels
    second = hard + 0.6 * rng.standard_normal(n) + 0.7 * gap * labels
    return first, second, labels


first, second, labels = drawn(90, 0.3, 1.0)
cases = [
    case(first, second, labels, 0.95),
    case(np.round(2 * first) / 2, np.round(second), labels, 0.9),
    case(*drawn(120, 0.05, 2.5), 0.99),
    case(*drawn(60, 0.9, 0.3), 0.5),
    case([1, 2, 3, 4, 2], [2, 2, 3, 1, 1], [0, 0, 1, 1, 0], 0.95),
]
z = [0, 0.1, 1, 1.959963984540054, 3, 5, 7, 7.2, 10, 20, 37]
levels = [0.01, 0.5, 0.683, 0.9, 0.95, 0.99, 0.999, 0.999999]
normal = {
    "z": z,
    "above": norm.sf(z).tolist(),
    "levels": levels,
    "halfWidths": [norm.ppf((1 + level) / 2) for level in levels],
}
with open("delong.json", "w") as file:
    json.dump(
        {"versions": {"scipy": scipy.__version__, "numpy": np.__version__}, "cases": cases, "normal": normal}, file
    )
