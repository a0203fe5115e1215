"""Makes torchvision.npz: what torchvision's networks give for the parameters of hashed.py.

Run in this folder with numpy, torch and torchvision installed: python make-torchvision.py
For each network: the pooled features of two images, and 256 values of the map of each layer.
"""

import numpy as np
import torch
import torchvision
from hashed import between, fill, uniform
from torchvision.models.feature_extraction import create_feature_extractor

torch.set_num_threads(1)
stages = ["maxpool", "layer1", "layer2", "layer3", "layer4"]
networks = {
    **{n: stages for n in ["resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "wide_resnet50_2"]},
    "vgg16": ["features.1", "features.9", "features.16", "features.30"],
    "efficientnet_b0": ["features.0", "features.2.1", "features.4", "features.8"],
}

x = torch.from_numpy(between("input", (2, 3, 70, 57), -2, 2))
out = {}
for name, layers in networks.items():
    model = fill(getattr(torchvision.models, name)(weights=None))
    with torch.inference_mode():
        maps = create_feature_extractor(model, layers)(x)
    for layer, value in maps.items():
        flat = value.numpy().reshape(-1)
        out[f"{name}/{layer}/shape"] = np.array(value.shape, dtype=np.int32)
        out[f"{name}/{layer}"] = flat[(uniform(layer, 256) * flat.size).astype(np.int64)]
    out[f"{name}/pooled"] = value.mean((2, 3)).numpy()
    print(name, {k: (tuple(v.shape), round(v.std().item(), 3)) for k, v in maps.items()},
          round((out[f"{name}/pooled"][0] - out[f"{name}/pooled"][1]).std(), 4))
np.savez("torchvision.npz", **out)
