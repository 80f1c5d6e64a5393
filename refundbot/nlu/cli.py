"""``refundbot parse``: what the bot understands of texts, one a line on standard input."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from refundbot.nlu.parser import ModelMissingError, load_parser

SHOWN_CHARACTERS = 200
SHOWN_GUESSES = 3


def _lines() -> Iterator[str]:
    """Lines of standard input; bytes that are not UTF-8 become U+FFFD, never an error."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def _printable(text: str) -> str:
    visible = "".join(char if char.isprintable() else " " for char in text)
    return visible if len(visible) <= SHOWN_CHARACTERS else visible[:SHOWN_CHARACTERS] + "…"


def _value(entity: dict[str, Any]) -> str:
    value = entity["value"]
    if isinstance(value, dict):
        return ", ".join(f"{key} {part}" for key, part in value.items() if key != "text")
    return str(value)


def _guess(guess: dict[str, Any]) -> str:
    return f"{guess['name']} {guess['confidence']:.2f}"


def render(parsed: dict[str, Any]) -> str:
    """A parsed text for reading in a terminal."""
    intent = parsed["intent"]
    others = [g for g in parsed["intent_ranking"] if g["name"] != intent["name"]][:SHOWN_GUESSES]
    lines = [
        click.style(_printable(parsed["text"]) or "(empty)", bold=True),
        f"  intent    {intent['name'] or '-'} {intent['confidence']:.2f}",
    ]
    if others:
        lines.append("  next      " + " · ".join(_guess(guess) for guess in others))
    for entity in parsed["entities"]:
        words = entity.get("text", "")
        lines.append(f"  entity    {entity['entity']} {words} = {_value(entity)}")
    if len(parsed["clauses"]) > 1:
        for clause in parsed["clauses"]:
            guess = {"name": clause["intent"] or "-", "confidence": clause["confidence"]}
            lines.append(f"  clause    {clause['text']}: {_guess(guess)}")
    return "\n".join(lines)


@click.command()
@click.option("--jsonl", is_flag=True, help="One JSON object a line, for every line read.")
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True),
    help="A model file, or a folder whose newest model is used.  [default: models/]",
)
def parse(jsonl: bool, model: Path | None) -> None:
    """Read texts from standard input, one a line, and print intent, ranking and entities.

    Example:  echo 我14号买的云服务器还能退吗 | refundbot parse
    """
    try:
        parser = load_parser(model)
    except ModelMissingError as error:
        raise click.ClickException(str(error)) from None
    for line in _lines():
        parsed = parser.parse(line)
        if jsonl:
            click.echo(json.dumps(parsed, ensure_ascii=False))
        else:
            click.echo(render(parsed))
            click.echo()


if __name__ == "__main__":
    parse()
