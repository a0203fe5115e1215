"""Writes archives by programs that are not dn2: git archive, as GitHub makes its downloads, and Python's zipfile with the
64-bit extension. Run: python3 test/golden/archives/make_archives.py"""

import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

here = Path(__file__).parent
files = {
    "Dataset 1/1.bmp": "one " * 100,
    "Dataset 1/2.bmp": "two",
    "Dataset 1/1.png": "mask",
    "labels.csv": "1,2",
    "README": "not wanted",
}
fixed = {"GIT_%s_%s" % (who, what): value for who in ("AUTHOR", "COMMITTER") for what, value in
         {"NAME": "dn2", "EMAIL": "dn2@example.org", "DATE": "2020-01-01T00:00:00Z"}.items()}

with tempfile.TemporaryDirectory() as folder:
    for name, text in files.items():
        path = Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    git = lambda *words: subprocess.run(["git", "-C", folder, *words], check=True, env={**os.environ, **fixed})
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "files")
    git("archive", "--format=zip", "--prefix=set-main/", f"--output={here / 'git-archive.zip'}", "HEAD")

with zipfile.ZipFile(here / "zip64.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, text in files.items():
        info = zipfile.ZipInfo("set-main/" + name, (2020, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as part:
            part.write(text.encode())
