"""The CSV form of an import file: one order a line."""

import csv
import io
from typing import Any

from refundbot.orders.documents import Document, ImportRejected, Path, Problem, dotted

_ORDER_COLUMNS = {
    "account": ("account",),
    "id": ("id",),
    "kind": ("kind",),
    "status": ("status",),
    "product_code": ("product", "code"),
    "product_name": ("product", "name"),
    "category": ("product", "category"),
    "billing_mode": ("billing_mode",),
    "term_unit": ("term", "unit"),
    "term_length": ("term", "length"),
    "purchased_at": ("purchased_at",),
    "effective_at": ("effective_at",),
    "starts_at": ("starts_at",),
    "ends_at": ("ends_at",),
    "list_price": ("list_price",),
    "amount": ("amount",),
    "cash": ("payments", "cash"),
    "gift": ("payments", "gift"),
    "stored_value": ("payments", "stored_value"),
    "cash_coupon": ("payments", "cash_coupon"),
    "voucher": ("payments", "voucher"),
    "refunded": ("refunded",),
    "quantity": ("quantity",),
    "payment_channel": ("payment_channel",),
    "month_price": ("pricing", "month_price"),
    "discount": ("pricing", "discount"),
    "used_discount": ("pricing", "used_discount"),
    "unit_price": ("pricing", "unit_price"),
    "promotion_name": ("promotion", "name"),
    "promotion_kind": ("promotion", "kind"),
    "promotion_refund_clause": ("promotion", "refund_clause"),
    "contract_id": ("contract", "id"),
    "invoice_issued": ("invoice", "issued"),
    "bundle_id": ("bundle", "id"),
    "bundle_separable": ("bundle", "separable"),
    "resource_id": ("resource", "id"),
    "resource_status": ("resource", "status"),
    "police_frozen": ("resource", "police_frozen"),
    "in_transaction": ("resource", "in_transaction"),
    "used": ("resource", "used"),
    "effective": ("resource", "effective"),
    "support_benefits_used": ("resource", "support_benefits_used"),
    "spec_changed_after_renewal": ("resource", "spec_changed_after_renewal"),
    "usage_size": ("resource", "usage", "size"),
    "usage_used": ("resource", "usage", "used"),
    "deployed": ("resource", "deployed"),
    "ddos_record": ("resource", "ddos_record"),
    "illegal_content": ("resource", "illegal_content"),
    "transferred": ("resource", "transferred"),
    "os_changed": ("resource", "os_changed"),
    "marketplace_image": ("resource", "marketplace_image"),
    "restored_at": ("resource", "restored_at"),
}
_ACCOUNT_COLUMNS = {
    "account_name": "name",
    "account_kind": "kind",
    "account_vendor": "vendor",
    "account_site": "site",
    "account_currency": "currency",
    "account_entity_id": "entity_id",
    "account_in_arrears": "in_arrears",
    "account_framework_contract": "framework_contract",
}
CSV_COLUMNS = (*_ORDER_COLUMNS, *_ACCOUNT_COLUMNS)
_REQUIRED = (
    "account",
    "id",
    "kind",
    "status",
    "product_code",
    "product_name",
    "category",
    "billing_mode",
    "purchased_at",
    "amount",
    "resource_id",
    "resource_status",
)
_SWITCHES = {"true": True, "1": True, "是": True, "false": False, "0": False, "否": False}
_FACTS = {
    "invoice_issued",
    "bundle_separable",
    "police_frozen",
    "in_transaction",
    "used",
    "effective",
    "support_benefits_used",
    "spec_changed_after_renewal",
    "deployed",
    "ddos_record",
    "illegal_content",
    "transferred",
    "os_changed",
    "marketplace_image",
    "account_in_arrears",
    "account_framework_contract",
}
_NUMBERS = {"term_length", "quantity"}


def _cell(column: str, text: str) -> Any:
    """A cell's value; one that cannot be read stays text, for validation to reject."""
    if column in _FACTS:
        return _SWITCHES.get(text.lower(), text)
    if column in _NUMBERS and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return text


def _csv_row(cells: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    order: dict[str, Any] = {}
    for column, path in _ORDER_COLUMNS.items():
        text = cells.get(column, "").strip()
        if not text:
            continue
        target = order
        for part in path[:-1]:
            target = target.setdefault(part, {})
        target[path[-1]] = _cell(column, text)
    account = {
        field: _cell(column, cells[column].strip())
        for column, field in _ACCOUNT_COLUMNS.items()
        if cells.get(column, "").strip()
    }
    if account:
        account["id"] = order.get("account", "")
    return order, account


def _check_header(header: list[str]) -> list[Problem]:
    problems = [
        Problem(1, name, f"unknown column; the columns are {', '.join(CSV_COLUMNS)}")
        for name in header
        if name not in CSV_COLUMNS
    ]
    problems += [Problem(1, name, "missing column") for name in _REQUIRED if name not in header]
    repeated = sorted({name for name in header if header.count(name) > 1})
    return problems + [Problem(1, name, "the column stands twice") for name in repeated]


def read_csv(text: str) -> Document:
    """Read the CSV form: one order a line, the columns of `CSV_COLUMNS`, empty = not known.

    Raises:
        ImportRejected: wrong header, a broken line, or a line with too few or too many cells.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    orders: list[dict[str, Any]] = []
    accounts: list[dict[str, Any]] = []
    lines: dict[str, list[int]] = {"orders": [], "accounts": []}
    problems: list[Problem] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        problems = _check_header(header)
        if problems:
            raise ImportRejected(problems)
        start = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) != len(header):
                    message = f"{len(row)} cells where the header has {len(header)}"
                    problems.append(Problem(start, "", message))
                order, account = _csv_row(dict(zip(header, row, strict=False)))
                orders.append(order)
                lines["orders"].append(start)
                if account and account not in accounts:
                    accounts.append(account)
                    lines["accounts"].append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(reader.line_num or 1, "", f"not CSV: {error}"))
    if problems:
        raise ImportRejected(problems)

    def line(path: Path) -> int:
        if len(path) > 1 and isinstance(path[1], int):
            return lines[str(path[0])][path[1]]
        return 1

    data: dict[str, Any] = {"orders": orders}
    if accounts:
        data["accounts"] = accounts
    return Document(data, line, _column)


def _column(path: Path) -> str:
    if path[:1] == ("accounts",):
        names = {field: column for column, field in _ACCOUNT_COLUMNS.items()}
        return names.get(str(path[-1]), "account")
    field = path[2:]
    return next((name for name, target in _ORDER_COLUMNS.items() if target == field), dotted(field))
