"""Makes the golden file of whitening: principal components whitened by scikit-learn's PCA, the shrinkage of Ledoit and Wolf, and
Mahalanobis distances under that covariance. Needs numpy and scikit-learn; run it in this folder."""

import json

import numpy as np
import sklearn
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA

rng = np.random.default_rng(2004)


def case(n, d, components):
    mixing = rng.normal(size=(d, d)) * np.linspace(3, 0.1, d)
    train = (rng.normal(size=(n, d)) @ mixing + rng.normal(size=d)).astype(np.float32)
    test = (rng.normal(size=(5, d)) @ mixing + 1).astype(np.float32)
    pca = PCA(n_components=components, whiten=True, svd_solver="full").fit(train.astype(np.float64))
    shrunk = LedoitWolf().fit(train.astype(np.float64))
    precision = np.linalg.inv(shrunk.covariance_ * n / (n - 1))
    difference = test.astype(np.float64)[:, None, :] - train.astype(np.float64)[None, :4, :]
    return {
        "train": train.tolist(),
        "test": test.tolist(),
        "components": components,
        "whitened": pca.transform(test.astype(np.float64)).tolist(),
        "variances": pca.explained_variance_.tolist(),
        "explained": float(pca.explained_variance_ratio_.sum()),
        "shrinkage": float(shrunk.shrinkage_),
        "squaredMahalanobis": np.einsum("ijk,kl,ijl->ij", difference, precision, difference).tolist(),
    }


with open("golden.json", "w") as file:
    json.dump(
        {
            "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "cases": [case(30, 6, 4), case(8, 20, 5), case(12, 12, 11)],
        },
        file,
    )
