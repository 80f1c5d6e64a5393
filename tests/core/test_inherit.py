"""A policy file may hold only what differs from another one."""

from pathlib import Path
from typing import Any

import pytest

from refund_core import PolicyError, default_policies, load_policies
from refund_core.inherit import merge, resolve
from refund_core.library import POLICY_DIR
from refund_core.loader import read_yaml

BASE = "baidu/refund-2025-08-21.yaml"


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": None}}, {"a": {"x": 1}}),
        ({"a": 1}, {"c": {"x": 1}}, {"a": 1, "c": {"x": 1}}),
        ([1, 2], [3], [3]),
        ([], [{"code": "a"}], [{"code": "a"}]),
        (
            [{"code": "a", "text": "old"}, {"code": "b"}],
            [{"code": "a", "text": "new"}, {"code": "c"}],
            [{"code": "a", "text": "new"}, {"code": "b"}, {"code": "c"}],
        ),
        ([{"id": "a"}, {"id": "b"}], [{"id": "a", "drop": True}], [{"id": "b"}]),
        ([{"topic": "a"}, {"topic": "b"}], [{"topic": "c"}], [{"topic": "c"}]),
    ],
)
def test_what_a_file_holds_goes_on_top(base: Any, over: Any, merged: Any) -> None:
    before = repr((base, over))
    assert merge(base, over) == merged
    assert repr((base, over)) == before


def test_a_later_version_says_only_what_changed(tmp_path: Path) -> None:
    folder = tmp_path / "baidu"
    folder.mkdir()
    text = (POLICY_DIR / BASE).read_text(encoding="utf-8")
    first = text.replace(
        "  selected_by: request\n", "  until: 2027-01-01\n  selected_by: request\n", 1
    )
    (folder / "first.yaml").write_text(first, encoding="utf-8")
    (folder / "second.yaml").write_text(
        "extends: first.yaml\nversion: next\neffective: {since: 2027-01-01, until: null}\n"
        "windows: {new_pack: {days: 9}}\nexclusions:\n  - {code: police_frozen, drop: true}\n",
        encoding="utf-8",
    )
    old, new = load_policies(tmp_path)
    assert (old.doc.version, new.doc.version) == ("2025-08-21", "next")
    assert new.doc.windows["new_pack"].days == 9
    assert new.doc.clauses == old.doc.clauses
    codes = [item.code for item in new.doc.exclusions]
    assert codes == [item.code for item in old.doc.exclusions if item.code != "police_frozen"]


@pytest.mark.parametrize("name", ["missing.yaml", "../other.yaml", "3"])
def test_what_is_extended_is_a_file_beside_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(f"extends: {name}\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="is not the name of a file in its folder"):
        resolve(path, read_yaml)


def test_two_files_cannot_extend_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="extends this file in turn"):
        resolve(tmp_path / "a.yaml", read_yaml)


def test_a_mistake_in_what_differs_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "baidu"
    folder.mkdir()
    text = (POLICY_DIR / BASE).read_text(encoding="utf-8")
    (folder / "first.yaml").write_text(text, encoding="utf-8")
    (folder / "second.yaml").write_text(
        "extends: first.yaml\nversion: next\nwindows: {new_pack: {dayz: 9}}\n", encoding="utf-8"
    )
    with pytest.raises(PolicyError, match=r"second\.yaml, line 3: windows\.new_pack\.dayz"):
        load_policies(tmp_path)


def test_the_versions_of_a_vendor_differ_where_they_say() -> None:
    quotas = [
        default_policies().get(f"tencent-return@{version}").doc.quotas["five_day"].scope
        for version in ("V1", "V2", "V3", "V4")
    ]
    assert quotas == ["account", "account", "entity", "entity"]
