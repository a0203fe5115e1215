"""Makes the golden file of decisions: quantiles of beta distributions, adjusted p-values of Benjamini and Hochberg, and rank
correlations. Needs numpy and scipy; run it in this folder."""

import json

import numpy as np
import scipy
from scipy.stats import beta, false_discovery_control, spearmanr

rng = np.random.default_rng(1995)
quantiles = [
    [share, a, b, float(beta.ppf(share, a, b))]
    for share in (0.025, 0.5, 0.975)
    for a, b in ((1, 1), (1, 20), (5, 96), (50, 951), (300, 5), (2, 2))
]
p_values = [rng.uniform(size=30).round(3).tolist(), (rng.uniform(size=40) ** 4).tolist()]
pairs = [[rng.integers(0, 6, 25).tolist(), rng.integers(0, 6, 25).tolist()], [rng.normal(size=30).tolist(), rng.normal(size=30).tolist()]]
with open("golden.json", "w") as file:
    json.dump(
        {
            "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
            "betaQuantiles": quantiles,
            "adjusted": [[p, false_discovery_control(p).tolist()] for p in p_values],
            "rankCorrelations": [[a, b, float(spearmanr(a, b).statistic)] for a, b in pairs],
        },
        file,
    )
