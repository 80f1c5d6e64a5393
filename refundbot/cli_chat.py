"""`refundbot ask` and `refundbot chat`: talk to the running stack from a terminal."""

import json

import click
from rich.console import Console

from refundbot.client import Chat, ClientError, Turn
from refundbot.settings import get_settings

_console = Console(highlight=False, soft_wrap=True)

# Times a slow turn is asked for again, about 4.5 s each.
_PATIENCE = 6

_account = click.option("--account", help="Demo account, such as A1001; a visitor without it.")
_url = click.option("--url", help="Gateway; the configured one by default.")


@click.command()
@_account
@_url
@click.option("--json", "as_json", is_flag=True, help="One JSON object a turn.")
@click.option("--wait", default=0.0, help="Seconds to wait for an answer promised in an outage.")
@click.argument("messages", nargs=-1, required=True)
def ask(
    account: str | None, url: str | None, as_json: bool, wait: float, messages: tuple[str, ...]
) -> None:
    """Say each MESSAGE in turn, in one conversation, and print the answers."""
    promised: list[Turn] = []

    def show(turn: Turn) -> None:
        if as_json:
            click.echo(json.dumps(turn.to_json(), ensure_ascii=False))
        else:
            _show(turn)

    try:
        with Chat(url or get_settings().public_url, account, patience=_PATIENCE) as chat:
            for message in messages:
                if not as_json:
                    _console.print(f"客户：{message}", style="bold", markup=False)
                turn = chat.say(message)
                show(turn)
                if turn.outcome == "waiting":
                    promised.append(turn)
            for turn in promised if wait else ():
                late = chat.late_answer(turn, wait)
                if late is not None:
                    show(late)
    except ClientError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@_account
@_url
def chat(account: str | None, url: str | None) -> None:
    """Chat in the terminal; a button's number presses it, Ctrl-D leaves."""
    from prompt_toolkit import PromptSession

    session: PromptSession[str] = PromptSession()
    try:
        with Chat(url or get_settings().public_url, account, patience=_PATIENCE) as conversation:
            turn = conversation.say("你好")
            _show(turn)
            while True:
                try:
                    text = session.prompt("您：").strip()
                except (EOFError, KeyboardInterrupt):
                    return
                if not text:
                    continue
                turn = _speak(conversation, turn, text)
                _show(turn)
    except ClientError as error:
        raise click.ClickException(str(error)) from error


def _speak(conversation: Chat, last: Turn, text: str) -> Turn:
    if text.isdecimal() and 1 <= int(text) <= len(last.buttons):
        button = last.buttons[int(text) - 1]
        if "token" in button:
            return conversation.press(button)
        _console.print(f"  打开：{button.get('url')}", markup=False)
        return last
    return conversation.say(text)


def _show(turn: Turn) -> None:
    _console.print(turn.text, markup=False)
    for number, button in enumerate(turn.buttons, 1):
        link = f"  {button['url']}" if "url" in button else ""
        _console.print(f"  {number}. [{button['title']}]{link}", style="cyan", markup=False)
    _console.print(f"  {turn.latency_ms:.0f} ms\n", style="dim")
