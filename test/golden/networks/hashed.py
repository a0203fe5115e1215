"""Parameters that Python and TypeScript compute alike from a name, so that large networks need no file of weights."""

import zlib

import numpy as np


def uniform(name, count):
    """`count` numbers in [0, 1): a 32-bit mix of the name's CRC and the position. float64."""
    x = (np.arange(count, dtype=np.uint64) * 0x9E3779B9 + zlib.crc32(name.encode())) & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = ((x ^ (x >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    return (x ^ (x >> np.uint64(16))).astype(np.float64) / 2**32


def between(name, shape, low, high):
    return (uniform(name, int(np.prod(shape))) * (high - low) + low).astype(np.float32).reshape(shape)


def parameter(name, shape, names):
    """A parameter of a network with parameters `names`: activations stay near 1, normalisation is far from trivial."""
    if len(shape) >= 2:
        bound = np.sqrt(6 / np.prod(shape[1:]))
        return between(name, shape, -bound, bound)
    if name.endswith("running_var"):
        return between(name, shape, 0.5, 2)
    if name.endswith("weight"):
        ends_block = name.endswith("bn3.weight") or (
            name.endswith("bn2.weight") and name.replace("bn2", "bn3") not in names
        )
        return between(name, shape, 0.1, 0.4) if ends_block else between(name, shape, 0.5, 1.5)
    return between(name, shape, -0.5, 0.5)


def fill(model):
    """Sets every floating-point parameter and statistic of a torch model."""
    import torch

    state = model.state_dict()
    for name, value in state.items():
        if value.is_floating_point():
            value.copy_(torch.from_numpy(parameter(name, tuple(value.shape), state)))
    return model.eval()
