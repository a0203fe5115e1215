"""Makes small.safetensors and small.npz: a small network with every kind of layer, computed by PyTorch.

Run in this folder with numpy and torch installed: python make.py
The same network in TypeScript is in test/engines/small-network.ts.
"""

import itertools
import json
import struct

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_num_threads(1)

weights = {}


def parameter(name, *shape, low=None, high=None):
    value = torch.randn(*shape) * 0.5 if low is None else torch.rand(*shape) * (high - low) + low
    weights[name] = value
    return value


def conv(x, name, filters, kernel, groups=1, batch_norm=False, bias=True, **form):
    kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
    weight = parameter(f"{name}.weight", filters, x.shape[1] // groups, *kernel)
    offset = parameter(f"{name}.bias", filters) if bias else None
    x = F.conv2d(x, weight, offset, groups=groups, **form)
    if batch_norm:
        n = f"{name}.bn"
        factor, offset = parameter(f"{n}.weight", filters), parameter(f"{n}.bias", filters)
        mean = parameter(f"{n}.running_mean", filters)
        variance = parameter(f"{n}.running_var", filters, low=0.2, high=2)
        x = F.batch_norm(x, mean, variance, factor, offset, eps=1e-5)
    return x


def same(x, kernel, stride):
    """TensorFlow's SAME padding."""
    pads = []
    for n in (x.shape[3], x.shape[2]):
        total = max(0, (-(-n // stride) - 1) * stride + kernel - n)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads)


x = torch.randn(2, 3, 13, 10)
layers = {"input": x}
layers["stem"] = F.relu(conv(x, "stem", 8, 3, bias=False, batch_norm=True, stride=2, padding=1))
layers["wide"] = conv(x, "wide", 4, (1, 3), stride=(1, 2), padding=(0, 1))
layers["pool"] = F.max_pool2d(layers["stem"], 3, 2, padding=1, ceil_mode=True)
layers["depthwise"] = F.relu6(conv(same(layers["stem"], 3, 2), "depthwise", 8, 3, groups=8, stride=2))
layers["double"] = conv(same(layers["stem"], 5, 2), "double", 16, 5, groups=8, stride=2)
layers["grouped"] = conv(layers["stem"], "grouped", 12, 3, groups=4, padding=1)
layers["joined"] = torch.cat([layers["depthwise"], layers["double"]], 1)
layers["project"] = conv(layers["joined"], "project", 8, 1)
layers["added"] = F.relu(layers["project"] + layers["depthwise"] + layers["pool"])
layers["unpadded"] = F.max_pool2d(layers["grouped"], 3, 2, ceil_mode=True)

offset, header, data = 0, {}, b""
for name, value in weights.items():
    raw = value.numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [offset, offset + len(raw)]}
    offset += len(raw)
    data += raw
text = json.dumps(header).encode()
with open("small.safetensors", "wb") as f:
    f.write(struct.pack("<Q", len(text)) + text + data)
np.savez("small.npz", **{name: value.numpy() for name, value in layers.items()})

sizes = []
for n, kernel, stride, ceil in itertools.product(range(1, 12), range(1, 5), range(1, 4), (False, True)):
    for padding in range(kernel // 2 + 1):
        if n + 2 * padding < kernel:
            continue
        out = F.max_pool1d(torch.zeros(1, 1, n), kernel, stride, padding, ceil_mode=ceil)
        sizes.append([n, kernel, stride, padding, int(ceil), out.shape[2]])
with open("pool-sizes.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(row) for row in sizes) + "\n]\n")
print({name: tuple(value.shape) for name, value in layers.items()}, len(sizes))
