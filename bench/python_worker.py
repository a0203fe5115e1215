"""The other side of the benchmark: torch, faiss and scikit-learn, driven by lines of JSON on standard input."""

import json
import sys
import time

import numpy as np

state = {}


def load_network(name, batch, form, threads):
    import torch
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


def write_jpegs(folder, images):
    """Pictures with the detail of photographs: smooth shapes, texture and grain."""
    from pathlib import Path

    from PIL import Image, ImageFilter

    random = np.random.default_rng(0)
    for i in range(images):
        path = Path(folder) / f"{i:03}.jpg"
        if path.exists():
            continue
        layers = [
            np.asarray(
                Image.fromarray(random.integers(0, 256, (480 // s + 1, 640 // s + 1, 3), dtype=np.uint8)).resize(
                    (640, 480), Image.BICUBIC
                ),
                dtype=np.float32,
            )
            for s in (160, 40, 10, 2)
        ]
        mixed = sum(w * layer for w, layer in zip((0.5, 0.3, 0.12, 0.08), layers))
        picture = Image.fromarray(mixed.clip(0, 255).astype(np.uint8)).filter(ImageFilter.SHARPEN)
        picture.save(path, quality=88)


def load_extraction(name, batch, form, threads, folder, weights):
    """The usual script: files through a DataLoader with workers of its own, then the network without its classifier."""
    from pathlib import Path

    import torch
    import torchvision
    from PIL import Image
    from torchvision import transforms

    torch.set_num_threads(threads)
    model = getattr(torchvision.models, name)(weights=None)
    model.load_state_dict(torch.load(weights, weights_only=True))
    model.fc = torch.nn.Identity()
    model.eval()
    prepare = transforms.Compose(
        [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )
    files = sorted(Path(folder).glob("*.jpg"))

    class Files(torch.utils.data.Dataset):
        def __len__(self):
            return len(files)

        def __getitem__(self, i):
            return prepare(Image.open(files[i]).convert("RGB"))

    loader = torch.utils.data.DataLoader(Files(), batch, num_workers=threads, persistent_workers=True)
    if form == "scripted":
        model = model.to(memory_format=torch.channels_last)
        example = torch.randn(batch, 3, 224, 224).contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            model = torch.jit.freeze(torch.jit.trace(model, example))
            model = torch.jit.optimize_for_inference(model)

    def run():
        with torch.inference_mode():
            for x in loader:
                model(x.contiguous(memory_format=torch.channels_last) if form == "scripted" else x)

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


def load_sweep(k, threads, train, test, labels):
    import faiss
    from sklearn.metrics import roc_auc_score

    faiss.omp_set_num_threads(threads)

    def run():
        areas = []
        for c in range(10):
            index = faiss.IndexFlatL2(train.shape[1])
            index.add(train[labels[0] == c])
            distances, _ = index.search(test, k)
            areas.append(roc_auc_score(labels[1] != c, distances.mean(axis=1)))
        state["figure"] = float(np.mean(areas))

    return run


def load_kmeans(clusters, threads, train):
    import faiss

    faiss.omp_set_num_threads(threads)

    def run():
        kmeans = faiss.Kmeans(train.shape[1], clusters, niter=25, seed=0, max_points_per_centroid=len(train))
        kmeans.train(train)
        state["figure"] = float(kmeans.obj[-1])

    return run


def handle(request):
    if request["task"] == "load-network":
        state["run"] = load_network(request["network"], request["batch"], request["form"], request["threads"])
        return {}
    if request["task"] == "write-jpegs":
        write_jpegs(request["folder"], request["images"])
        return {}
    if request["task"] == "write-weights":
        import torch
        import torchvision

        torch.manual_seed(0)
        torch.save(getattr(torchvision.models, request["network"])(weights=None).state_dict(), request["path"])
        return {}
    if request["task"] == "load-extraction":
        state["run"] = load_extraction(
            *(request[key] for key in ("network", "batch", "form", "threads", "folder", "weights"))
        )
        return {}
    if request["task"] == "load-features":
        state["train"] = features(request["train"], request["n"], request["d"])
        state["test"] = features(request["test"], request["m"], request["d"])
        state["labels"] = [np.fromfile(path, dtype=np.int32) for path in request.get("labels", [])]
        return {}
    if request["task"] == "load-sweep":
        state["run"] = load_sweep(
            request["k"], request["threads"], state["train"], state["test"], state["labels"]
        )
        return {}
    if request["task"] == "load-kmeans":
        state["run"] = load_kmeans(request["clusters"], request["threads"], state["train"])
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
        used = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        return {**used, "figure": state.get("figure")}
    raise ValueError(request["task"])


for line in sys.stdin:
    print(json.dumps(handle(json.loads(line))), flush=True)
