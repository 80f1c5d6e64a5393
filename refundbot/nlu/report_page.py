"""The report's picture and page."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment

from refundbot.nlu.evaluation import Figures

SHOWN_CONFUSIONS = 30

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>NLU report</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: 1rem 0 }
td, th { padding: .2rem .8rem; border-bottom: 1px solid #ddd; text-align: right }
td:first-child, th:first-child { text-align: left }
.low { background: #fde8e8 }
img { max-width: 100% }
</style></head><body>
<h1>NLU report</h1>
<table>{% for name, value in summary %}<tr><td>{{ name }}</td><td>{{ value }}</td></tr>{% endfor %}
</table>
<h2>Intents</h2>
<table><tr><th>intent</th><th>precision</th><th>recall</th><th>F1</th><th>sentences</th></tr>
{% for intent, row in figures.intents.items() %}
<tr{% if row.recall < 0.8 %} class="low"{% endif %}><td>{{ intent }}</td>
<td>{{ "%.2f" | format(row.precision) }}</td><td>{{ "%.2f" | format(row.recall) }}</td>
<td>{{ "%.2f" | format(row.f1) }}</td><td>{{ row.support }}</td></tr>{% endfor %}
</table>
<h2>Confusions</h2>
<p><img src="confusion.png" alt="Confusion matrix: expected intents in rows, predicted in columns">
</p>
<table><tr><th>expected</th><th>predicted</th><th>times</th></tr>
{% for want, got, times in confusions %}
<tr><td>{{ want }}</td><td>{{ got }}</td><td>{{ times }}</td></tr>{% endfor %}
</table>
</body></html>
"""


def render_page(summary: Sequence[tuple[str, str]], figures: Figures) -> str:
    """The HTML page; it expects ``confusion.png`` beside it."""
    page = Environment(autoescape=True).from_string(_PAGE)
    confusions = figures.confusions[:SHOWN_CONFUSIONS]
    return page.render(summary=summary, figures=figures, confusions=confusions)


def draw_confusions(figures: Figures, path: Path) -> None:
    """A confusion matrix as PNG: expected in rows, predicted in columns, shares of the row."""
    import matplotlib  # type: ignore[import-untyped]  # slow, and only for the picture

    matplotlib.use("Agg")
    from matplotlib import pyplot

    intents = list(figures.intents)
    position = {intent: index for index, intent in enumerate(intents)}
    grid = [[0.0] * len(intents) for _ in intents]
    for intent, row in figures.intents.items():
        grid[position[intent]][position[intent]] = row.recall
    for want, got, times in figures.confusions:
        if got in position:
            grid[position[want]][position[got]] = times / figures.intents[want].support
    figure, axes = pyplot.subplots(figsize=(12, 11))
    axes.imshow(grid, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(intents)), intents, rotation=90)
    axes.set_yticks(range(len(intents)), intents)
    axes.set_xlabel("predicted")
    axes.set_ylabel("expected")
    for y, shares in enumerate(grid):
        for x, share in enumerate(shares):
            if share:
                colour = "white" if share > 0.5 else "black"
                label = f"{share:.2f}"
                axes.text(x, y, label, ha="center", va="center", color=colour, fontsize=7)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
