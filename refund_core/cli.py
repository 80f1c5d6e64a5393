"""`refund-core`: the rule core on the command line.

Exit codes: 0 done, 1 a policy is at fault, 2 the input cannot be used.
"""

import json
from datetime import datetime

import click

from refund_core import CaseError, PolicyError, RefundCase, evaluate
from refund_core.cli_input import (
    Instant,
    fail,
    find_policy,
    policies_option,
    print_view,
    read_json,
    read_policies,
)
from refund_core.cli_owner import backtest_command, timeline_command
from refund_core.codec import SHANGHAI


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Decide cloud refund cases by dated, cited policies."""


@main.command("evaluate")
@click.argument("case_file", metavar="CASE.json")
@click.option("--as-of", type=Instant(), help="Instant of the question; now when left out.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--steps", is_flag=True, help="With --format text: show every step of the sum.")
@policies_option
def evaluate_command(
    case_file: str, as_of: datetime | None, form: str, steps: bool, folder: str | None
) -> None:
    """Decide the case in CASE.json (- reads standard input)."""
    from refund_core import explain

    data = read_json(case_file)
    try:
        case = RefundCase.from_json(data)
    except CaseError as error:
        fail(f"{case_file}: {error}")
    try:
        decision = evaluate(case, as_of or datetime.now(SHANGHAI), read_policies(folder))
    except PolicyError as error:
        fail(str(error), 1)
    if form == "json":
        click.echo(json.dumps(decision.to_json(), ensure_ascii=False, indent=2))
        return
    click.echo(explain.render_text(decision, case))
    if steps:
        click.echo("\n".join(explain.step_lines(decision)))


@main.command()
def schema() -> None:
    """Print the JSON Schema of a case."""
    from refund_core.case_schema import CASE_SCHEMA_FILE

    click.echo(CASE_SCHEMA_FILE.read_text(encoding="utf-8"), nl=False)


@main.group()
def policies() -> None:
    """Look at the policies."""


@policies.command("list")
@policies_option
def list_command(folder: str | None) -> None:
    """List every policy version with its dates, authority and main page."""
    from refund_core.show import list_table

    print_view(list_table(read_policies(folder)))


@policies.command("show")
@click.argument("name", metavar="ID[@VERSION]")
@click.option("--as-of", type=Instant(), help="The version in force at this instant.")
@policies_option
def show_command(name: str, as_of: datetime | None, folder: str | None) -> None:
    """Show a policy: routes, exclusions, methods, assumptions, each with clause and source."""
    from refund_core.show import policy_view

    try:
        print_view(policy_view(read_policies(folder).get(name, as_of)))
    except PolicyError as error:
        fail(str(error))


@policies.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@policies_option
def diff_command(before: str, after: str, folder: str | None) -> None:
    """Show what differs between two policies (id@version) or policy files."""
    from refund_core.policy_diff import differences
    from refund_core.show import diff_table

    library = read_policies(folder)
    first, second = find_policy(before, library), find_policy(after, library)
    found = differences(first, second)
    if not found:
        click.echo("两份规则没有差别。")
        return
    print_view(diff_table(first, second, found))


@policies.command("conditions")
def conditions_command() -> None:
    """List every condition a policy can name."""
    from refund_core.show import conditions_table

    print_view(conditions_table())


@policies.command("test")
@policies_option
def test_command(folder: str | None) -> None:
    """Run the worked examples (<vendor>/cases); exit code 1 when one leads elsewhere."""
    from pathlib import Path

    from refund_core.library import POLICY_DIR
    from refund_core.worked import run_cases

    library = read_policies(folder)
    number, problems = 0, []
    for cases in sorted(Path(folder or POLICY_DIR).glob("*/cases")):
        try:
            for worked, found in run_cases(cases, library):
                number += 1
                problems += [f"{worked.place}: {worked.name}: {text}" for text in found]
        except PolicyError as error:
            fail(str(error), 1)
    if problems:
        fail("\n".join(problems), 1)
    click.echo(f"{number} worked examples, no problem")


@policies.command("check")
@policies_option
def check_command(folder: str | None) -> None:
    """Check every policy file; exit code 1 and one line for each problem when one is at fault."""
    found = read_policies(folder)
    for policy in found:
        doc = policy.doc
        click.echo(
            f"{policy.key}: {len(doc.routes)} routes, {len(doc.exclusions)} exclusions, "
            f"{len(doc.clauses)} clauses, {len(doc.assumptions)} assumptions"
        )
    click.echo(f"{len(found.policies)} policies, no problem")


main.add_command(timeline_command)
main.add_command(backtest_command)
