"""A policy file that is wrong is refused, with file, line, key and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from refund_core import PolicyError, RefundCase, evaluate, load_policies
from refund_core.codec import parse_instant
from refund_core.library import POLICY_DIR

from .samples import instance_case

SOURCE = POLICY_DIR / "baidu" / "refund-2025-08-21.yaml"
AS_OF = parse_instant("2026-11-23T10:00:00+08:00")
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(*changes: tuple[str, str], name: str = "policy.yaml") -> Path:
        text = SOURCE.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        folder = tmp_path / "policies"
        (folder / "baidu").mkdir(parents=True, exist_ok=True)
        (folder / "baidu" / name).write_text(text, encoding="utf-8")
        return folder

    return _write


def line_of_text(text: str) -> int:
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_the_unchanged_file_loads(write: Write) -> None:
    assert [policy.key for policy in load_policies(write())] == ["baidu-unsubscribe@2025-08-21"]


BAD = [
    ("days: 7\n", "days: seven\n", "    days: 7", "windows.new_pack.days", "a whole number"),
    ("days: 7\n", "dayz: 7\n", "    days: 7", "windows.new_pack.dayz", "a field among since"),
    ("authority: official", "authority: rumour", "authority:", "authority", "one of official"),
    ("{category: [instance]}", "{category: [server]}", "", "category[0]", "one of instance"),
    ("[{billing_mode: [postpaid]}]", "[bilingual]", "", "exclusions[0].when[0]", "a predicate"),
    ("window_open: new_pack", "window_open: old_pack", "", "window_open", "a key of `windows`"),
    ("clause: no_postpaid", "clause: no_such", "", "exclusions[0].clause", "a key of `clauses`"),
    ("source: overview\n    section: 退订综述", "source: blog\n    section: x", "", "", "sources"),
    ("method: full", "method: half", "", "routes[0].method", "a key of `methods`"),
    ("action: automatic", "action: magic", "", "routes[0].action", "a key of `actions`"),
    ("资源{end}，", "资源{finish}，", "", "exclusions[1].text", "{finish} is not known; use "),
    ("code: expired\n", "code: postpaid\n", "", "exclusions[1].code", "is there twice"),
    ("exempt:\n      - expired", "exempt:\n      - exotic", "", "routes[0].exempt", "is no code"),
    ("over: [difference]", "over: [indifference]", "", "routes[4].over", "is no route"),
    ("    over: [difference]\n", "", "", "routes[4]", "can both match; say with `over`"),
    ("    clause: can_usage_pack\n    assumption: pack_window_hours\n", "", "",
     "windows.new_pack", "rests on nothing; give `clause`"),
    ("  instant: approval\n  clause: charged_until_success\n", "  instant: approval\n", "",
     "clock", "rests on nothing"),
    ("kind: ratio", "kind: guess", "", "methods.difference.kind", "one of none, share"),
    ("    used: {unit: day, how: both_ends}\n", "", "", "methods.difference", "needs `used`"),
    ("implied_by: [already_refunded]", "implied_by: [already]", "", "implied_by", "is no code"),
    ("at: window, window: new_pack", "at: window", "", "routes[2].deadlines", "`window` goes with"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "key", "message"), BAD)
def test_a_mistake_is_named_with_file_line_and_key(
    write: Write, old: str, new: str, line: str, key: str, message: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policies(write((old, new)))
    text = str(caught.value)
    assert "baidu/policy.yaml, line " in text
    assert key in text
    assert message in text
    if line:
        assert f"line {line_of_text(line)}:" in text


def test_a_key_written_twice_is_refused(write: Write) -> None:
    folder = write(("vendor: baidu\n", "vendor: baidu\nvendor: aliyun\n"))
    with pytest.raises(PolicyError, match=r"line \d+: key 'vendor' is there twice"):
        load_policies(folder)


def test_text_that_is_no_yaml_is_refused(write: Write) -> None:
    with pytest.raises(PolicyError, match="is not YAML"):
        load_policies(write(("sites: [cn, intl]", "sites: [cn, intl")))


def test_all_files_at_fault_are_named_at_once(write: Write) -> None:
    write(("days: 7\n", "days: seven\n"), name="one.yaml")
    folder = write(("vendor: baidu", "vendor: Baidu"), name="two.yaml")
    with pytest.raises(PolicyError) as caught:
        load_policies(folder)
    assert "one.yaml" in str(caught.value)
    assert "two.yaml" in str(caught.value)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="holds no policy"):
        load_policies(tmp_path)


def test_two_versions_may_not_hold_at_the_same_time(write: Write) -> None:
    write(name="one.yaml")
    folder = write(('version: "2025-08-21"', 'version: "2026-01-01"'), name="two.yaml")
    with pytest.raises(PolicyError, match=r"hold at the same time .* `effective.until`"):
        load_policies(folder)


def test_the_same_version_may_not_be_there_twice(write: Write) -> None:
    write(name="one.yaml")
    with pytest.raises(PolicyError, match="is there twice; give one of them another version"):
        load_policies(write(name="two.yaml"))


def test_a_route_that_can_never_be_taken_is_refused(write: Write) -> None:
    folder = write(
        ("      - order_kind: [new]\n      - not_started\n", ""),
        ("over: [difference]", "over: [difference]"),
    )
    with pytest.raises(PolicyError, match="difference can never be taken: not_effective matches"):
        load_policies(folder)


def test_a_later_version_takes_over_at_midnight_beijing_time(write: Write) -> None:
    write(("since: 2025-08-21", "since: 2025-08-21\n  until: 2026-11-24"), name="one.yaml")
    folder = write(
        ('version: "2025-08-21"', 'version: "2026-11-24"'),
        ("since: 2025-08-21", "since: 2026-11-24"),
        name="two.yaml",
    )
    policies = load_policies(folder)
    case = RefundCase.from_json(instance_case())
    for instant, version in (
        ("2026-11-23T23:59:59+08:00", "2025-08-21"),
        ("2026-11-24T00:00:00+08:00", "2026-11-24"),
        ("2026-11-23T16:00:00+00:00", "2026-11-24"),
    ):
        decision = evaluate(case, parse_instant(instant), policies)
        assert decision.policy is not None
        assert decision.policy.version == version


def test_no_route_and_no_exclusion_is_an_error_and_never_zero(write: Write) -> None:
    condition = "      - billing_mode: [prepaid]\n"
    method = "    method: difference"
    folder = write((condition + method, condition + "      - category: [other]\n" + method))
    case = RefundCase.from_json(instance_case())
    with pytest.raises(PolicyError, match="no route and no exclusion matches order BD20261114001"):
        evaluate(case, AS_OF, load_policies(folder))


def test_no_policy_for_the_vendor_means_a_person_decides() -> None:
    case = RefundCase.from_json(instance_case() | {"vendor": "nobody"})
    decision = evaluate(case, AS_OF)
    assert decision.outcome == "needs_review"
    assert [reason.code for reason in decision.reasons] == ["no_policy"]
    assert decision.policy is None


def test_an_instant_without_offset_is_refused() -> None:
    case = RefundCase.from_json(instance_case())
    with pytest.raises(ValueError, match="has no time zone"):
        evaluate(case, AS_OF.replace(tzinfo=None))


def test_choosing_policies_by_id() -> None:
    policies = load_policies(POLICY_DIR)
    assert {policy.doc.id for policy in policies.only(["baidu-unsubscribe"])} == {
        "baidu-unsubscribe"
    }
    with pytest.raises(PolicyError, match="there is no policy 'nothing'; there are: "):
        policies.only(["nothing"])
