"""What the acceptance tests share: the command line in this process, and results as bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import wattif

SOURCE = Path(wattif.__file__).parents[1]


def arrays_of(tree):
    """Return every array of a result by path, as bytes."""
    return {
        f"{group.path}/{name}": (variable.dtype.str, variable.shape, payload(variable))
        for group in tree.subtree
        for name, variable in group.to_dataset(inherit=False).variables.items()
    }


def payload(variable):
    values = np.asarray(variable.values)
    return values.tobytes() if values.dtype.kind in "fiub" else repr(values.tolist()).encode()


@pytest.fixture(scope="session")
def arrays():
    return arrays_of


@pytest.fixture(scope="session")
def fingerprint():
    """Return a function: result -> one hash over every array."""

    def hash_all(tree):
        digest = hashlib.sha256()
        for name, (kind, shape, bits) in sorted(arrays_of(tree).items()):
            digest.update(f"{name} {kind} {shape} ".encode() + bits)
        return digest.hexdigest()

    return hash_all


@pytest.fixture(scope="session")
def start():
    """Return a function that starts Python with the package importable, in a folder."""

    def begin(arguments, folder, environment=None):
        path = os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH")]))
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": path} | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin
