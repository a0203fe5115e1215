"""The other side of parity.mjs: a torchvision network with parameters that are far from trivial, and what it computes.

python parity.py NETWORK LAYERS SIZES FOLDER
Writes NETWORK.pth, NETWORK.safetensors, and for each size NAME.f32 files that index.json describes.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision
from safetensors.torch import save_file
from torchvision.models.feature_extraction import create_feature_extractor

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "test" / "golden" / "networks"))
from hashed import between, fill  # noqa: E402

name, layers, sizes, folder = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(","), Path(sys.argv[4])
model = fill(getattr(torchvision.models, name)(weights=None))
state = model.state_dict()
torch.save(state, folder / f"{name}.pth")
save_file(state, folder / f"{name}.safetensors")
extract = create_feature_extractor(model, layers)
index = []


def write(file, value):
    np.ascontiguousarray(value, dtype="<f4").tofile(folder / file)
    return {"file": file, "shape": list(value.shape)}


for size in map(int, sizes):
    x = between(f"input {size}", (2 if size < 300 else 1, 3, size, size), -2, 2)
    with torch.inference_mode():
        maps = {layer: value.numpy() for layer, value in extract(torch.from_numpy(x)).items()}
    outputs = [{"layer": k, "pooled": False, **write(f"{size}-{k}.f32", v)} for k, v in maps.items()]
    last = maps[layers[-1]].mean((2, 3))
    outputs.append({"layer": layers[-1], "pooled": True, **write(f"{size}-pooled.f32", last)})
    index.append({"size": size, "input": write(f"{size}-input.f32", x), "outputs": outputs})
(folder / "index.json").write_text(json.dumps({"torch": torch.__version__, "torchvision": torchvision.__version__, "sizes": index}))
