"""Products by any of their names (`data/products.yml`); value: the canonical code, ``bcc``."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from refundbot.nlu.entities.spans import Span

# Code of words that hold a product's name and mean none: 机器人 is no 机器.
NOTHING = "nothing"

PRODUCTS_FILE = Path(__file__).parent.parent / "data" / "products.yml"


class CatalogueError(ValueError):
    """The product file has an entry that cannot be used."""


@dataclass(frozen=True)
class Product:
    """What a name means.

    Attributes:
        code: canonical product code.
        hint: category of the thing bought when the name tells it (``usage_pack``), else None.
        weak: an everyday word that gives way to any stronger name in the message.
    """

    code: str
    hint: str | None
    weak: bool


@dataclass(frozen=True)
class Catalogue:
    """All names, and one pattern that finds the longest of them."""

    names: dict[str, Product]
    pattern: re.Pattern[str]


def _name_pattern(name: str) -> str:
    pattern = r"\s?".join(re.escape(part) for part in name.split(" "))
    if re.match(r"[a-z0-9]", name):
        pattern = r"(?<![a-z0-9])" + pattern
    if re.search(r"[a-z0-9]$", name):
        pattern += r"(?![a-z0-9])"
    return pattern


def build_catalogue(table: dict[str, dict[str, Any]]) -> Catalogue:
    """Compile the product table.

    Raises:
        CatalogueError: an unknown key, no names, or one name for two meanings.
    """
    names: dict[str, Product] = {}
    for key, entry in table.items():
        unknown = set(entry) - {"title", "code", "hint", "names", "weak"}
        if unknown:
            raise CatalogueError(f"{key}: unknown {sorted(unknown)}; use title, code, hint, names")
        if not entry.get("names"):
            raise CatalogueError(f"{key}: no names")
        code, hint = str(entry.get("code", key)), entry.get("hint")
        for field in ("names", "weak"):
            for name in entry.get(field) or []:
                word = str(name).lower()
                product = Product(code, hint, field == "weak")
                if names.setdefault(word, product) != product:
                    raise CatalogueError(f"{key}: {word!r} also means {names[word].code}")
    ordered = sorted(names, key=lambda name: (-len(name), name))
    pattern = "|".join(_name_pattern(name) for name in ordered)
    return Catalogue(names, re.compile(pattern, re.IGNORECASE))


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The product names shipped with the package."""
    return build_catalogue(yaml.safe_load(PRODUCTS_FILE.read_text(encoding="utf-8")))


def canonical(code: str) -> str:
    """The code that customers' names for a vendor's own product lead to: ``ecs`` is ``bcc``."""
    known = load_catalogue().names.get(code.lower())
    return code if known is None or known.code == NOTHING else known.code


def find(text: str) -> list[Span]:
    """Products named in a normalised text; an everyday word only when it is the only name."""
    names = load_catalogue().names
    strong: list[Span] = []
    weak: list[Span] = []
    for match in load_catalogue().pattern.finditer(text):
        word = match.group(0).lower()
        product = names.get(word) or names[re.sub(r"\s", "", word)]
        if product.code == NOTHING:
            continue
        extra = (("hint", product.hint),) if product.hint else ()
        span = Span("product", match.start(), match.end(), product.code, extra)
        (weak if product.weak else strong).append(span)
    return strong or weak
