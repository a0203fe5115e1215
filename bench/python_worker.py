"""The other side of the benchmark: torch, faiss and scikit-learn, driven by lines of JSON on standard input."""

import json
import sys
import time

import numpy as np
import torch

state = {}


def load_network(name, batch, form, threads):
    import torchvision

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = getattr(torchvision.models, name)(weights=None).features.eval()
    net = torch.nn.Sequential(model, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()).eval()
    x = torch.randn(batch, 3, 224, 224)
    if form == "scripted":
        net = net.to(memory_format=torch.channels_last)
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            net = torch.jit.freeze(torch.jit.trace(net, x))
            net = torch.jit.optimize_for_inference(net)

    def run():
        with torch.inference_mode():
            net(x)

    return run


def features(path, n, d):
    return np.fromfile(path, dtype=np.float32).reshape(n, d)


def load_search(library, k, threads, train, test):
    if library == "faiss":
        import faiss

        faiss.omp_set_num_threads(threads)

        def run():
            index = faiss.IndexFlatL2(train.shape[1])
            index.add(train)
            index.search(test, k)

    else:
        from sklearn.neighbors import NearestNeighbors
        from threadpoolctl import threadpool_limits

        def run():
            with threadpool_limits(threads):
                NearestNeighbors(n_neighbors=k, algorithm="brute").fit(train).kneighbors(test)

    return run


def handle(request):
    if request["task"] == "load-network":
        state["run"] = load_network(request["network"], request["batch"], request["form"], request["threads"])
        return {}
    if request["task"] == "load-features":
        state["train"] = features(request["train"], request["n"], request["d"])
        state["test"] = features(request["test"], request["m"], request["d"])
        return {}
    if request["task"] == "load-search":
        state["run"] = load_search(
            request["library"], request["k"], request["threads"], state["train"], state["test"]
        )
        return {}
    if request["task"] == "run":
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(request["repeats"]):
            state["run"]()
        return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    raise ValueError(request["task"])


for line in sys.stdin:
    print(json.dumps(handle(json.loads(line))), flush=True)
