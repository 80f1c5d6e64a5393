"""The CSV form of an import, one order a line."""

import csv
import io

import pytest

from refundbot.orders import SqlOrderSource
from refundbot.orders.importing import Imported
from refundbot.orders.reading_csv import CSV_COLUMNS, read_csv
from refundbot.orders.schema import schema_problems
from tests.orders.importer import Importer

CSV_ROW = {
    "account": "B1",
    "id": "BD1",
    "kind": "new",
    "status": "completed",
    "product_code": "bcc",
    "product_name": "云服务器 BCC",
    "category": "instance",
    "billing_mode": "prepaid",
    "term_unit": "month",
    "term_length": "1",
    "purchased_at": "2026-11-14T10:20:00+08:00",
    "amount": "300.00",
    "cash": "280.00",
    "voucher": "20.00",
    "resource_id": "i-1",
    "resource_status": "running",
    "used": "否",
    "account_name": "测试公司",
}


def table(*rows: dict[str, str], header: list[str] | None = None) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, header or list(CSV_ROW))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class TestCsv:
    def test_a_good_file_is_imported(self, importer: Importer, source: SqlOrderSource) -> None:
        rows = [CSV_ROW, {**CSV_ROW, "id": "BD2", "product_name": "名字,带逗号\n和换行"}]
        assert importer(table(*rows), "orders.csv") == Imported(1, 2, 0)
        second = source.get_order("B1", "BD2")
        assert second is not None
        assert second.product_name == "名字,带逗号\n和换行"
        assert second.case.resource.used is False

    def test_facts_without_a_column_of_the_tables_have_one_here(
        self, importer: Importer, source: SqlOrderSource
    ) -> None:
        row = {
            **CSV_ROW,
            "cash": "270.00",
            "cash_coupon": "10.00",
            "quantity": "2",
            "payment_channel": "alipay",
            "used_discount": "0.9",
            "usage_size": "100",
            "usage_used": "2.5",
            "transferred": "否",
            "restored_at": "2026-11-20T10:00:00+08:00",
            "account_vendor": "aliyun",
            "account_entity_id": "E1",
            "account_in_arrears": "false",
        }
        importer(table(row, header=list(row)), "orders.csv")
        record = source.get_order("B1", "BD1")
        assert record is not None
        case = record.case
        assert (case.order.quantity, case.order.payment_channel) == (2, "alipay")
        assert case.order.pricing is not None
        assert str(case.order.pricing.used_discount) == "0.9"
        assert case.resource.usage is not None
        assert str(case.resource.usage.used) == "2.5"
        assert case.resource.transferred is False
        assert case.resource.deployed is None
        assert (case.account.entity_id, case.account.in_arrears) == ("E1", False)
        assert str(record.cash_coupon) == "10.00"

    def test_lines_are_counted_through_cells_with_line_breaks(self, importer: Importer) -> None:
        content = table(
            {**CSV_ROW, "product_name": "两\n行"}, {**CSV_ROW, "id": "BD2", "amount": "-1"}
        )
        [problem] = importer.problems(content, "orders.csv")
        assert (problem.line, problem.where) == (4, "amount")
        assert "is negative" in problem.message

    @pytest.mark.parametrize(
        ("changes", "where", "message"),
        [
            ({"amount": ""}, "amount", "is missing"),
            ({"cash": "280.005"}, "cash", "more than two decimals"),
            ({"cash": "¥280.00"}, "cash", "is not an amount"),
            ({"cash": "279.00"}, "payments", "add up to 299.00"),
            ({"used": "maybe"}, "used", "use true or false or null"),
            ({"term_length": "one"}, "term_length", "use a whole number"),
            ({"term_unit": ""}, "term_unit", "is missing"),
            ({"account": "B9", "account_name": ""}, "account", "there is no account"),
            ({"resource_status": "fine"}, "resource_status", "use running"),
            ({"deployed": "maybe"}, "deployed", "use true or false"),
            ({"quantity": "many"}, "quantity", "use a whole number"),
            ({"used_discount": "9折"}, "used_discount", "write a number as text"),
            ({"account_in_arrears": "?"}, "account_in_arrears", "use true or false"),
        ],
    )
    def test_a_mistake_is_named_by_its_column(
        self, importer: Importer, changes: dict[str, str], where: str, message: str
    ) -> None:
        row = {**CSV_ROW, **changes}
        content = table(row, header=list(row))
        [problem] = importer.problems(content, "orders.csv")
        assert (problem.line, problem.where) == (2, where)
        assert message in problem.message

    @pytest.mark.parametrize(
        ("content", "line", "message"),
        [
            ("account,id\n", 1, "missing column"),
            (table(header=[*CSV_ROW, "colour"]), 1, "unknown column; the columns are account"),
            (table(header=[*CSV_ROW, "id"]), 1, "the column stands twice"),
            (table(CSV_ROW) + "B1,BD2\n", 3, f"2 cells where the header has {len(CSV_ROW)}"),
            (table(CSV_ROW) + 'B1,"BD2', 3, "not CSV"),
            (table(CSV_ROW).encode("gb18030"), 2, "is not UTF-8"),
        ],
    )
    def test_a_broken_table_is_refused(
        self, importer: Importer, content: str | bytes, line: int, message: str
    ) -> None:
        problem = importer.problems(content, "orders.csv")[0]
        assert problem.line == line
        assert message in problem.message

    def test_a_byte_order_mark_and_empty_lines_are_fine(self, importer: Importer) -> None:
        content = "\ufeff" + table(CSV_ROW) + ",,\n\n"
        assert importer(content, "orders.csv").orders == 1

    def test_two_names_for_one_account_are_refused(self, importer: Importer) -> None:
        content = table(CSV_ROW, {**CSV_ROW, "id": "BD2", "account_name": "另一家"})
        [problem] = importer.problems(content, "orders.csv")
        assert problem.line == 3

    def test_every_column_leads_to_a_field_of_the_schema(self) -> None:
        unfit = [
            problem
            for column in CSV_COLUMNS
            for problem in _unknown_fields(
                table({**CSV_ROW, column: "1"}, header=list(CSV_COLUMNS))
            )
        ]
        assert unfit == []


def _unknown_fields(text: str) -> list[str]:
    return [m for _, m in schema_problems(read_csv(text).data) if "unknown field" in m]
