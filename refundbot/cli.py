"""The `refundbot` command: run the stack, chat with it, and look after its data."""

from importlib import import_module
from typing import ClassVar

import click


class _Lazy(click.Group):
    """Subcommands imported on use, so that `refundbot ask` does not wait for Rasa's imports."""

    _where: ClassVar[dict[str, tuple[str, str]]] = {
        "up": ("refundbot.cli_stack", "up"),
        "rasa": ("refundbot.cli_stack", "rasa"),
        "train": ("refundbot.cli_stack", "train"),
        "test-stories": ("refundbot.cli_stack", "test_stories"),
        "ask": ("refundbot.cli_chat", "ask"),
        "chat": ("refundbot.cli_chat", "chat"),
        "parse": ("refundbot.nlu.cli", "parse"),
        "orders": ("refundbot.orders.cli", "orders"),
        "db": ("refundbot.orders.cli", "db"),
        "demo": ("refundbot.applications.cli", "demo"),
        "applications": ("refundbot.applications.cli", "applications"),
        "audit": ("refundbot.audit.cli", "audit"),
        "review": ("refundbot.review.cli", "review"),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._where)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._where:
            return None
        module, attribute = self._where[cmd_name]
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.command(cls=_Lazy)
def main() -> None:
    """Chinese refund-support bot for cloud consoles."""
