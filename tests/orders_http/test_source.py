"""Orders over HTTP are the orders of the database, of one account, and all of them."""

from dataclasses import replace
from typing import Any

import pytest

from refundbot.orders import HttpOrderSource, OrdersUnavailable, SqlOrderSource
from tests.orders_http.conftest import MakeSource
from tests.orders_http.reference import KEY, Reference, saying

ACCOUNTS = [f"A{number}" for number in range(1001, 1013)]


def test_every_demo_account_is_asked_for(database_source: SqlOrderSource) -> None:
    assert [account.id for account in database_source.list_accounts()] == ACCOUNTS


@pytest.mark.parametrize("account", ACCOUNTS)
class TestSameAsTheDatabase:
    def test_the_list_of_orders_is_the_same(
        self, account: str, source: HttpOrderSource, database_source: SqlOrderSource
    ) -> None:
        assert source.list_orders(account) == database_source.list_orders(account)

    def test_each_single_order_is_the_same(
        self, account: str, source: HttpOrderSource, database_source: SqlOrderSource
    ) -> None:
        for order in database_source.list_orders(account):
            assert source.get_order(account, f" {order.id.lower()} ") == order

    def test_the_account_is_the_same_but_no_demo_account(
        self, account: str, source: HttpOrderSource, database_source: SqlOrderSource
    ) -> None:
        known = database_source.get_account(account)
        assert known is not None
        assert known.demo
        assert source.get_account(account) == replace(known, demo=False)


class TestPages:
    @pytest.mark.parametrize("size", [1, 5, 15, 16, 17])
    def test_page_by_page_gives_the_same_list(
        self,
        size: int,
        service: Reference,
        make_source: MakeSource,
        database_source: SqlOrderSource,
    ) -> None:
        service.page_size = size
        found = make_source(pages=16).list_orders("A1004")
        assert len(found) == 16
        assert found == database_source.list_orders("A1004")
        assert len(service.asked) == -(-16 // size)

    def test_the_order_of_the_rows_is_not_the_services_business(
        self, service: Reference, source: HttpOrderSource, database_source: SqlOrderSource
    ) -> None:
        known = database_source.list_orders("A1004")
        rows = [order.case.to_json() for order in reversed(known)]
        service.fail(saying({"orders": rows, "next": None}))
        assert source.list_orders("A1004") == known

    def test_a_list_that_never_ends_is_no_answer(
        self, service: Reference, make_source: MakeSource
    ) -> None:
        service.fail(*(saying({"orders": [], "next": str(number)}) for number in range(4)))
        with pytest.raises(OrdersUnavailable, match="more than 4 pages"):
            make_source(pages=4).list_orders("A1004")
        assert service.asked[-1].endswith("?after=2")

    def test_an_order_that_comes_twice_is_no_answer(
        self, service: Reference, source: HttpOrderSource, case: dict[str, Any]
    ) -> None:
        page = {"orders": [case], "next": None}
        service.fail(saying({**page, "next": "same"}), saying(page))
        with pytest.raises(OrdersUnavailable, match="twice"):
            source.list_orders("A1001")

    def test_a_later_page_that_is_not_there_does_not_make_the_list_shorter(
        self, service: Reference, source: HttpOrderSource, case: dict[str, Any]
    ) -> None:
        service.fail(
            saying({"orders": [case], "next": "2"}), saying({"code": "not_found"}, status=404)
        )
        with pytest.raises(OrdersUnavailable, match="not there"):
            source.list_orders("A1001")


class TestNothingThere:
    def test_what_does_not_exist_is_none(self, source: HttpOrderSource) -> None:
        assert source.get_account("A9999") is None
        assert source.list_orders("A9999") == []
        assert source.get_order("A1001", "BD99999999999") is None

    def test_another_accounts_order_does_not_exist(self, source: HttpOrderSource) -> None:
        assert source.get_order("A1001", "BD20261114001") is not None
        assert source.get_order("A1002", "BD20261114001") is None

    @pytest.mark.parametrize("answer", [saying(status=404), saying(raw=b"<html>", status=404)])
    def test_the_404_of_a_wrong_address_is_an_outage_not_an_empty_account(
        self, answer: Any, service: Reference, source: HttpOrderSource
    ) -> None:
        service.fail(answer, answer, answer)
        with pytest.raises(OrdersUnavailable):
            source.list_orders("A1001")
        with pytest.raises(OrdersUnavailable):
            source.get_order("A1001", "BD20261114001")
        with pytest.raises(OrdersUnavailable):
            source.get_account("A1001")

    @pytest.mark.parametrize(
        "odd", ["", " ", "..", "A1001/orders", "A1001?limit=1", "A1001#", "%2e%2e", "\n", "张三"]
    )
    def test_odd_ids_are_never_sent(
        self, odd: str, service: Reference, source: HttpOrderSource
    ) -> None:
        assert source.get_account(odd) is None
        assert source.list_orders(odd) == []
        assert source.get_order(odd, "BD20261114001") is None
        assert source.get_order("A1001", odd) is None
        assert service.asked == []

    def test_signs_that_an_account_may_hold_are_quoted(
        self, service: Reference, source: HttpOrderSource
    ) -> None:
        assert source.list_orders("user:7+x@example") == []
        assert service.asked == ["/v1/accounts/user%3A7%2Bx%40example/orders"]


class TestAnotherAccountsRows:
    @pytest.fixture
    def foreign(self, database_source: SqlOrderSource) -> dict[str, Any]:
        return database_source.list_orders("A1002")[0].case.to_json()

    def test_one_such_row_and_the_whole_list_is_refused_and_logged(
        self,
        service: Reference,
        source: HttpOrderSource,
        case: dict[str, Any],
        foreign: dict[str, Any],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        service.fail(saying({"orders": [case, foreign], "next": None}))
        with pytest.raises(OrdersUnavailable, match="other accounts"):
            source.list_orders("A1001")
        assert "for account A1001 with 1 of 2 rows of other accounts" in caplog.text
        assert foreign["order"]["id"] not in caplog.text

    def test_such_an_order_is_refused(
        self, service: Reference, source: HttpOrderSource, foreign: dict[str, Any]
    ) -> None:
        service.fail(saying(foreign))
        with pytest.raises(OrdersUnavailable, match="other accounts"):
            source.get_order("A1001", foreign["order"]["id"])

    def test_such_an_account_is_refused(self, service: Reference, source: HttpOrderSource) -> None:
        service.fail(saying({"id": "A1002", "name": "别人", "vendor": "baidu"}))
        with pytest.raises(OrdersUnavailable, match="other accounts"):
            source.get_account("A1001")

    def test_an_order_that_was_not_asked_for_is_refused(
        self, service: Reference, source: HttpOrderSource, case: dict[str, Any]
    ) -> None:
        service.fail(saying(case))
        with pytest.raises(OrdersUnavailable, match="another order"):
            source.get_order("A1001", "BD00000000000")

    def test_a_cookie_set_for_one_account_is_not_sent_for_the_next(
        self, service: Reference, source: HttpOrderSource
    ) -> None:
        service.fail(saying({"orders": [], "next": None}, set_cookie="account=A1001; Path=/"))
        source.list_orders("A1001")
        source.list_orders("A1002")
        assert "cookie" not in service.headers


class TestKey:
    def test_the_key_is_sent_as_bearer_token(
        self, service: Reference, source: HttpOrderSource
    ) -> None:
        source.get_account("A1001")
        assert service.headers["authorization"] == f"Bearer {KEY}"

    def test_a_refused_key_is_an_outage_that_names_the_setting(
        self, make_source: MakeSource, service: Reference
    ) -> None:
        with pytest.raises(OrdersUnavailable, match="REFUNDBOT_ORDERS_API_KEY") as refused:
            make_source(key="another-key").list_orders("A1001")
        assert "another-key" not in str(refused.value)
        assert len(service.asked) == 1

    def test_a_netrc_file_does_not_replace_the_key(
        self,
        service: Reference,
        source: HttpOrderSource,
        tmp_path: Any,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login somebody password else\n")
        monkeypatch.setenv("NETRC", str(netrc))
        assert source.get_account("A1001") is not None
        assert service.headers["authorization"] == f"Bearer {KEY}"
