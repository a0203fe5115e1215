"""Makes the golden file of the bootstrap: measures of given resamples by scikit-learn, and the interval that very many
resamples give. Needs numpy and scikit-learn; run it in this folder."""

import json

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

rng = np.random.default_rng(1979)


def measures(scores, labels):
    fpr, tpr, _ = roc_curve(labels, scores, drop_intermediate=False)
    return [
        float(roc_auc_score(labels, scores)),
        float(average_precision_score(labels, scores)),
        float(fpr[np.argmax(tpr >= 0.95 - 1e-12)]),
    ]


def joined(scores, labels, normal, anomalous):
    taken = np.concatenate([scores[labels == 0][normal], scores[labels == 1][anomalous]])
    return taken, np.concatenate([np.zeros(len(normal), int), np.ones(len(anomalous), int)])


def case(n, share, gap, digits):
    labels = (rng.random(n) < share).astype(int)
    labels[:4] = [0, 1, 0, 1]
    hard = rng.standard_normal(n)
    first = np.round(hard + 0.6 * rng.standard_normal(n) + gap * labels, digits)
    second = np.round(hard + 0.6 * rng.standard_normal(n) + 0.6 * gap * labels, digits)
    normals, anomalies = int((labels == 0).sum()), int(labels.sum())
    resamples = []
    for _ in range(5):
        normal, anomalous = rng.integers(normals, size=normals), rng.integers(anomalies, size=anomalies)
        resamples.append(
            {
                "normal": normal.tolist(),
                "anomalous": anomalous.tolist(),
                "measures": measures(*joined(first, labels, normal, anomalous)),
            }
        )
    drawn = []
    for _ in range(20000):
        normal, anomalous = rng.integers(normals, size=normals), rng.integers(anomalies, size=anomalies)
        a = measures(*joined(first, labels, normal, anomalous))
        b = measures(*joined(second, labels, normal, anomalous))
        drawn.append(a + [a[0] - b[0]])
    drawn = np.array(drawn)
    return {
        "first": first.tolist(),
        "second": second.tolist(),
        "labels": labels.tolist(),
        "measures": measures(first, labels),
        "resamples": resamples,
        "low": np.quantile(drawn, 0.025, axis=0).tolist(),
        "high": np.quantile(drawn, 0.975, axis=0).tolist(),
        "standardError": drawn.std(axis=0, ddof=1).tolist(),
    }


cases = [case(150, 0.3, 1.2, 6), case(150, 0.6, 0.6, 1)]
with open("bootstrap.json", "w") as file:
    json.dump({"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "cases": cases}, file)
