"""Makes the golden files of the neighbor search. Needs numpy, scikit-learn and faiss-cpu; run it in this folder.

Rows are seeded random numbers; the integer rows have many ties, which numpy's stable sort orders by index.
"""

import json

import faiss
import numpy as np
import sklearn
from sklearn.neighbors import NearestNeighbors

K = 10
rng = np.random.default_rng(20020)

train = (rng.standard_normal((150, 16)) + 3).astype(np.float32)
train[100:104] = train[7]
queries = (rng.standard_normal((20, 16)) + 3).astype(np.float32)
queries[3] = train[7]

index = faiss.IndexFlatL2(16)
index.add(train)
faiss_distances, faiss_ids = index.search(queries, K)

brute = NearestNeighbors(n_neighbors=K, algorithm="brute", metric="euclidean")
brute.fit(train.astype(np.float64))
sklearn_distances, _ = brute.kneighbors(queries.astype(np.float64))

tied_train = rng.integers(0, 3, (90, 4)).astype(np.float32)
tied_queries = rng.integers(0, 3, (12, 4)).astype(np.float32)
squared = ((tied_queries[:, None].astype(np.float64) - tied_train[None]) ** 2).sum(-1)
order = np.argsort(squared, axis=1, kind="stable")[:, :K]

with open("golden.json", "w") as file:
    json.dump(
        {
            "versions": {"numpy": np.__version__, "faiss": faiss.__version__, "sklearn": sklearn.__version__},
            "k": K,
            "train": train.tolist(),
            "queries": queries.tolist(),
            "faissIds": faiss_ids.tolist(),
            "faissSquared": faiss_distances.tolist(),
            "sklearnEuclidean": sklearn_distances.tolist(),
            "tiedTrain": tied_train.astype(int).tolist(),
            "tiedQueries": tied_queries.astype(int).tolist(),
            "tiedIndices": order.tolist(),
            "tiedSquared": np.take_along_axis(squared, order, 1).astype(int).tolist(),
        },
        file,
    )
