"""Takes out of a TensorFlow wheel what a native binding is built with: unpack-wheel.py WHEEL FOLDER."""

import os
import shutil
import sys
import zipfile

HEADERS = tuple("tensorflow/include/" + folder for folder in ("tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/"))
LIBRARIES = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")

wheel, folder = sys.argv[1:3]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.endswith("/"):
            continue
        if name in LIBRARIES:
            target = os.path.join(folder, "lib", os.path.basename(name))
        elif name.startswith(HEADERS):
            target = os.path.join(folder, "include", name[len("tensorflow/include/") :])
        else:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(name) as source, open(target, "wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 24)
