"""An import names every mistake with its line, and writes all of a file or nothing."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refundbot.orders import SqlOrderSource
from refundbot.orders.documents import ImportRejected, Problem
from refundbot.orders.importing import Imported, import_document
from refundbot.orders.reading_json import read_json
from tests.orders.documents import NOW, Sessions, document, order
from tests.orders.importer import Importer


class TestJson:
    def test_a_good_file_is_imported(self, importer: Importer, source: SqlOrderSource) -> None:
        done = importer(
            document(order(), order(id="BD2", resource={"id": "i-2", "status": "running"}))
        )
        assert done == Imported(accounts=1, orders=2, replaced=0)
        record = source.get_order("B1", "BD1")
        assert record is not None
        assert (record.product_name, str(record.paid)) == ("云服务器 BCC", "280.00")
        account = source.get_account("B1")
        assert account is not None
        assert not account.demo

    def test_one_bad_order_keeps_the_good_ones_out(
        self, importer: Importer, source: SqlOrderSource
    ) -> None:
        importer.problems(document(order(), order(id="BD2", amount="1.234")))
        assert source.get_account("B1") is None
        assert source.list_orders("B1") == []

    @pytest.mark.parametrize(
        ("changes", "where", "message"),
        [
            ({"amount": "-300.00"}, "amount", "is negative"),
            ({"amount": "300.001"}, "amount", "has more than two decimals"),
            ({"amount": 300}, "amount", "is a number, not text"),
            ({"amount": "3百"}, "amount", "is not an amount"),
            ({"amount": "300.00\n"}, "amount", "is not an amount"),
            ({"amount": "299.99"}, "payments", "add up to 300.00, the amount is 299.99"),
            ({"payments": {}}, "payments", "add up to 0.00"),
            ({"payments": {"bitcoin": "1"}}, "payments.bitcoin", "unknown field"),
            ({"refunded": "280.01"}, "refunded", "more than the 280.00 paid without vouchers"),
            ({"ends_at": "2026-11-14T10:20:00+08:00"}, "ends_at", "is not after starts_at"),
            ({"effective_at": "2026-11-14T10:19:00+08:00"}, "effective_at", "before purchased_at"),
            ({"purchased_at": "2026-11-23T10:00:01+08:00"}, "purchased_at", "in the future"),
            ({"purchased_at": "2026-02-30T10:00:00+08:00"}, "purchased_at", "not a day and time"),
            ({"purchased_at": "2026-11-14 10:20"}, "purchased_at", "with its offset"),
            ({"purchased_at": None}, "purchased_at", "is missing"),
            ({"kind": "gift"}, "kind", "use new, renewal, upgrade, downgrade, conversion"),
            ({"id": "BD 1"}, "id", "use 1 to 64 letters"),
            ({"account": "nobody"}, "account", 'there is no account "nobody"'),
            ({"colour": "red"}, "colour", "unknown field; the fields here are account, id"),
            ({"term": {"unit": "month", "length": 0}}, "term.length", "use at least 1"),
            ({"resource": {"id": "i-1", "status": "ok"}}, "resource.status", "use running"),
            (
                {"resource": {"id": "i-1", "status": "running", "used": "no"}},
                "resource.used",
                "use true or false or null",
            ),
            (
                {"product": {"code": "bcc", "name": "", "category": "instance"}},
                "product.name",
                "use at least 1",
            ),
        ],
    )
    def test_a_mistake_is_named_with_its_field_and_what_is_allowed(
        self, importer: Importer, changes: dict[str, Any], where: str, message: str
    ) -> None:
        problems = importer.problems(document(order(), order(**{"id": "BD2", **changes})))
        assert [problem.where for problem in problems] == [f"orders[1].{where}"]
        assert message in problems[0].message

    def test_the_line_is_that_of_the_value(self, importer: Importer) -> None:
        content = json.dumps(
            document(order(), order(id="BD2", amount="3.001")), ensure_ascii=False, indent="\t"
        )
        lines = content.splitlines()
        [problem] = importer.problems(content)
        assert lines[problem.line - 1].strip() == '"amount": "3.001",'

    def test_a_missing_field_has_the_line_of_its_order(self, importer: Importer) -> None:
        content = '{"accounts": [{"id": "B1", "name": "x"}],\n "orders": [\n  {}\n ]}'
        problems = importer.problems(content)
        assert {problem.line for problem in problems} == {3}
        assert "orders[0].amount" in {problem.where for problem in problems}

    def test_all_mistakes_come_at_once_in_file_order(self, importer: Importer) -> None:
        bad = [order(id=f"BD{n}", kind="x", amount="1.234") for n in range(5)]
        lines = [problem.line for problem in importer.problems(document(*bad))]
        assert len(lines) == 10
        assert lines == sorted(lines)

    @pytest.mark.parametrize(
        ("content", "line", "message"),
        [
            ('{"orders": [\n}', 2, "not JSON"),
            ('{"orders": [],\n"orders": []}', 2, "the same key twice"),
            ('{"orders": [{"amount": NaN}]}', 1, "NaN is not JSON"),
            ("[" * 100_000, 1, "nested too deep"),
            ("[]", 1, "use an object"),
            ('{"orders": {}}', 1, "use a list"),
            ("{}", 1, "is missing"),
            ("  \n ", 1, "the file is empty"),
            ("{}".encode("utf-16"), 1, "is not UTF-8"),
            ('{"orders":\n"云"}'.encode("gb18030"), 2, "is not UTF-8"),
            ('{"orders":\n"\x00"}', 2, "NUL"),
        ],
    )
    def test_a_file_that_is_no_such_document_is_refused(
        self, importer: Importer, content: str | bytes, line: int, message: str
    ) -> None:
        problem = importer.problems(content)[0]
        assert problem.line == line
        assert message in problem.message

    @pytest.mark.parametrize("depth", [200, 900])
    def test_a_value_nested_deep_is_an_ordinary_mistake(
        self, importer: Importer, depth: int
    ) -> None:
        content = '{"orders":\n[{"amount": ' + "[" * depth + "]" * depth + "}]}"
        assert "orders[0].amount" in {p.where for p in importer.problems(content)}

    def test_a_byte_order_mark_is_fine(self, importer: Importer) -> None:
        content = b"\xef\xbb\xbf" + json.dumps(document(order())).encode()
        assert importer(content).orders == 1

    def test_other_endings_are_refused(self, importer: Importer) -> None:
        [problem] = importer.problems("x", "orders.xlsx")
        assert "use .json or .csv" in problem.message

    def test_an_order_number_in_use_is_found_in_small_letters_too(self, importer: Importer) -> None:
        importer(document(order()))
        [problem] = importer.problems(document(order(id="bd1")))
        assert "already here" in problem.message

    @pytest.mark.parametrize("again", ["BD1", "bd1"])
    def test_an_order_number_twice_in_a_file_is_refused(
        self, importer: Importer, again: str
    ) -> None:
        [problem] = importer.problems(document(order(), order(id=again)))
        assert problem.where == "orders[1].id"
        assert "already used by order number 1" in problem.message

    def test_contradictory_facts_about_one_resource_are_refused(self, importer: Importer) -> None:
        other = order(id="BD2", resource={"id": "i-1", "status": "expired"})
        [problem] = importer.problems(document(order(), other))
        assert problem.where == "orders[1].resource.status"
        assert "contradicts" in problem.message

    def test_an_order_that_exists_is_replaced_only_when_asked(
        self, importer: Importer, source: SqlOrderSource
    ) -> None:
        importer(document(order()))
        changed = document(order(amount="99.00", payments={"gift": "99.00"}))
        [problem] = importer.problems(changed)
        assert "--replace" in problem.message
        assert importer(changed, replace=True).replaced == 1
        record = source.get_order("B1", "BD1")
        assert record is not None
        assert (str(record.gift), str(record.cash)) == ("99.00", "0.00")

    def test_replace_never_takes_another_accounts_order(
        self, importer: Importer, source: SqlOrderSource
    ) -> None:
        importer(document(order()))
        theft = {"accounts": [{"id": "B2", "name": "别人"}], "orders": [order(account="B2")]}
        with pytest.raises(ImportRejected, match="another account's order"):
            importer(theft, replace=True)
        assert source.get_order("B1", "BD1") is not None
        assert source.get_account("B2") is None

    def test_everything_the_schema_knows_reaches_the_case(
        self, importer: Importer, source: SqlOrderSource
    ) -> None:
        full = order(
            list_price="400.00",
            refunded="10.00",
            promotion={"name": "满减", "kind": "coupon", "refund_clause": "unknown"},
            contract={"id": "HT-1"},
            invoice={"issued": True},
            bundle={"id": "ZH-1", "separable": False},
            resource={
                "id": "i-1",
                "status": "running",
                "police_frozen": False,
                "in_transaction": True,
                "used": True,
                "effective": False,
                "support_benefits_used": True,
                "spec_changed_after_renewal": False,
                "unfinished_orders": [{"id": "U1", "kind": "upgrade"}],
            },
        )
        importer(document(full))
        record = source.get_order("B1", "BD1")
        assert record is not None
        case = record.case.to_json()
        for name in ("promotion", "contract", "invoice", "bundle", "list_price", "refunded"):
            assert case["order"][name] == full[name]
        assert {name: case["resource"][name] for name in full["resource"]} == full["resource"]

    def test_facts_left_out_stay_unknown(self, importer: Importer, source: SqlOrderSource) -> None:
        importer(document(order()))
        record = source.get_order("B1", "BD1")
        assert record is not None
        assert record.case.resource.used is None
        assert record.case.order.invoice is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    field=st.sampled_from([*order(), "promotion", "refunded", "bundle", "contract"]), value=_JSON
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_stands_in_a_field_is_either_refused_with_a_line_or_imported(
    sessions: Sessions, source: SqlOrderSource, field: str, value: Any
) -> None:
    content = json.dumps(document({**order(), field: value}), indent=1)
    problems: list[Problem] = []
    try:
        import_document(sessions, read_json(content), NOW, replace=True)
    except ImportRejected as rejected:
        problems = rejected.problems
        assert problems, "refused without a reason"
    for problem in problems:
        assert 1 <= problem.line <= content.count("\n") + 1
        assert problem.message
    if not problems:
        assert source.get_order("B1", str(value) if field == "id" else "BD1") is not None
