"""The other side of parity.mjs: a network with parameters that are far from trivial, and what it computes.

python parity.py LIBRARY NETWORK LAYERS SIZES FOLDER
LIBRARY is torchvision or timm. LAYERS: names of the library's modules, each followed by = and what parity.mjs calls it.
Writes NETWORK.pth, NETWORK.safetensors, and for each size NAME.f32 files that index.json describes.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "test" / "golden" / "networks"))
from hashed import between, fill  # noqa: E402

library, name, layers, sizes, folder = sys.argv[1:]
layers = dict(layer.split("=") for layer in layers.split(","))
folder = Path(folder)
if library == "timm":
    import timm

    version = timm.__version__
    model = fill(timm.create_model(name, pretrained=False))
else:
    import torchvision

    version = torchvision.__version__
    model = fill(getattr(torchvision.models, name)(weights=None))
state = model.state_dict()
torch.save(state, folder / f"{name}.pth")
save_file(state, folder / f"{name}.safetensors")
index = []
found = {}


def keep(layer):
    def hook(module, inputs, output):
        found[layer] = output.clone()

    return hook


for module, layer in layers.items():
    model.get_submodule(module).register_forward_hook(keep(layer))


def write(file, value):
    np.ascontiguousarray(value, dtype="<f4").tofile(folder / file)
    return {"file": file, "shape": list(value.shape)}


for size in map(int, sizes.split(",")):
    x = between(f"input {size}", (2 if size < 300 else 1, 3, size, size), -2, 2)
    with torch.inference_mode():
        model(torch.from_numpy(x))
        maps = {layer: found[layer].numpy() for layer in layers.values()}
    outputs = [{"layer": k, "pooled": False, **write(f"{size}-{k}.f32", v)} for k, v in maps.items()]
    last = list(layers.values())[-1]
    pooled = maps[last].mean((2, 3))
    outputs.append({"layer": last, "pooled": True, **write(f"{size}-pooled.f32", pooled)})
    index.append({"size": size, "input": write(f"{size}-input.f32", x), "outputs": outputs})
(folder / "index.json").write_text(json.dumps({"torch": torch.__version__, library: version, "sizes": index}))
