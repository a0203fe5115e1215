"""Makes checkpoints/*.pth with torch.save, and checkpoints/kinds.npz: the numbers that they hold.

Run in this folder with numpy and torch installed: python make-checkpoints.py
"""

import json
import os
import struct
from collections import OrderedDict

import numpy as np
import torch

folder = "checkpoints"
os.makedirs(folder, exist_ok=True)
torch.manual_seed(5)

with open("small.safetensors", "rb") as f:
    (length,) = struct.unpack("<Q", f.read(8))
    header, data = json.loads(f.read(length)), f.read()
small = OrderedDict(
    (name, torch.from_numpy(np.frombuffer(data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).copy()))
    for name, entry in header.items()
)
torch.save(small, f"{folder}/small.pth")

base = torch.randn(6, 5)
kinds = {
    "float32": base,
    "transposed": base.T,
    "sliced": base[1:5:2, 1:4],
    "shared": base.view(30)[7:11],
    "expanded": torch.randn(3, 1).expand(3, 4),
    "permuted": torch.randn(2, 3, 4).permute(2, 0, 1),
    "channels_last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
    "float16": torch.randn(7).half(),
    "bfloat16": torch.randn(7).bfloat16(),
    "float64": torch.randn(7).double(),
    "float64_sliced": torch.randn(9).double()[::4],
    "int64": torch.tensor([-3, 2**40]),
    "int32": torch.tensor([-3, 2**30], dtype=torch.int32),
    "int16": torch.tensor([-3, 2**14], dtype=torch.int16),
    "int8": torch.tensor([-3, 100], dtype=torch.int8),
    "uint8": torch.tensor([3, 200], dtype=torch.uint8),
    "bool": torch.tensor([True, False]),
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "parameter": torch.nn.Parameter(torch.randn(2, 2)),
}
np.savez(f"{folder}/kinds.npz", **{k: v.detach().to(torch.float32).contiguous().numpy() for k, v in kinds.items()})
torch.save(kinds, f"{folder}/kinds.pth")
torch.save(kinds, f"{folder}/kinds-protocol-4.pth", pickle_protocol=4)
torch.save(kinds, f"{folder}/kinds-legacy.pth", _use_new_zipfile_serialization=False)

model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)).eval()
training = {
    "epoch": 90,
    "best": [71.3, None, True, -70000, 2**40],
    "arch": "resnet50",
    "optimizer": torch.optim.SGD(model.parameters(), 0.1, momentum=0.9).state_dict(),
    "state_dict": torch.nn.DataParallel(model).state_dict(),
}
torch.save(training, f"{folder}/training.pth")


class Hostile:
    def __reduce__(self):
        return (os.system, ("touch hostile-was-here",))


torch.save({"weight": torch.zeros(2), "hostile": Hostile()}, f"{folder}/hostile.pth")
torch.save(model, f"{folder}/module.pth")
torch.jit.save(torch.jit.trace(model, torch.zeros(1, 1, 4, 4)), f"{folder}/torchscript.pt")
