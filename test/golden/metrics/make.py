"""Makes the golden files of the metrics. Needs numpy and scikit-learn; run it in this folder."""

import json

import numpy as np
import sklearn
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

rng = np.random.default_rng(20020)


def case(scores, labels):
    scores, labels = np.asarray(scores, float), np.asarray(labels, int)
    false_positive, true_positive, thresholds = roc_curve(labels, scores, drop_intermediate=False)
    precision, recall, pr_thresholds = precision_recall_curve(labels, scores)
    return {
        "scores": scores.tolist(),
        "labels": labels.tolist(),
        "rocAuc": roc_auc_score(labels, scores),
        "averagePrecision": average_precision_score(labels, scores),
        "falsePositiveRate": false_positive.tolist(),
        "truePositiveRate": true_positive.tolist(),
        "thresholds": thresholds[1:].tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "precisionRecallThresholds": pr_thresholds.tolist(),
    }


def drawn(n, share, gap):
    labels = (rng.random(n) < share).astype(int)
    labels[:2] = [0, 1]
    return rng.standard_normal(n) + gap * labels, labels


scores, labels = drawn(80, 0.3, 1.0)
cases = [
    case(scores, labels),
    case(np.round(scores * 2) / 2, labels),
    case(-scores, labels),
    case(np.ones(9), [0, 1, 0, 0, 1, 0, 0, 0, 1]),
    case([1e-300, 2e-300, 1e300, 3, 3], [0, 1, 1, 0, 1]),
    case(*drawn(60, 0.02, 3.0)),
    case(*drawn(60, 0.97, 0.2)),
]
with open("golden.json", "w") as file:
    json.dump({"versions": {"sklearn": sklearn.__version__, "numpy": np.__version__}, "cases": cases}, file)
