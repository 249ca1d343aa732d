"""Write the documents that are made from the code: states, tasks, errors, the API, permissions.

`python scripts/generate.py` writes them; `--check` says which are out of date and exits 1.  Pages
of the floor are written by hand: of them only what stands between the marks is made, and in tables
of answers the first column, which says what the code in it stands for.
"""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import warehouse
from warehouse.access.vocabulary import PERMISSIONS, ROLE_NAMES, Permission
from warehouse.app import create_app
from warehouse.core.errors import WarehouseError
from warehouse.core.i18n import catalogue
from warehouse.core.lifecycle import Lifecycle
from warehouse.customs.checking import validation
from warehouse.operations.floor import messages
from warehouse.operations.floor.flow import Flow, StepOf
from warehouse.operations.floor.flows import FLOWS
from warehouse.operations.floor.messages import Message
from warehouse.operations.floor.scan_page import COMMANDS, TASKS
from warehouse.operations.vocabulary import EXPECTS, Step
from warehouse.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
FLOOR = DOCS / "floor"
MADE = "<!-- Made from the code by scripts/generate.py; do not edit. -->\n\n"
BEGIN, END = "<!-- made by scripts/generate.py -->\n", "<!-- end of what is made -->\n"
ANSWER = re.compile(r"^\| `([a-z-]+)`[^|]*\|", re.MULTILINE)
ENGLISH = "\n## English\n"
PROGRAMS = ("warehouse.__main__", "warehouse.cli")


def main() -> None:
    """Write every document, or compare it."""
    wanted = dict(documents())
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    left_over = set((DOCS / "states").glob("*.md")) - set(wanted)
    if "--check" in sys.argv:
        for path in [*stale, *left_over]:
            print(f"{path.relative_to(DOCS.parent)} is out of date: run scripts/generate.py")
        sys.exit(1 if stale or left_over else 0)
    for path in left_over:
        path.unlink()
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path])
        print(f"wrote {path.relative_to(DOCS.parent)}")


def documents() -> Iterator[tuple[Path, str]]:
    """Every made document and its text."""
    for name, states in lifecycles().items():
        yield DOCS / "states" / f"{name}.md", state_page(name, states)
    for flow in FLOWS:
        path = FLOOR / f"{flow.kind.value.replace('_', '-')}.md"
        yield path, refreshed(path, flow_block(flow), sentences(flow))
    yield FLOOR / "README.md", refreshed(FLOOR / "README.md", buttons(), generally())
    yield DOCS / "errors.md", error_page()
    yield DOCS / "validation.md", validation_page()
    yield DOCS / "permissions.md", permission_page()
    api = create_app(Settings()).openapi()
    yield DOCS / "openapi.json", json.dumps(api, ensure_ascii=False, indent=1) + "\n"


def modules() -> Iterator[object]:
    """Every module of the package but the programs."""
    for found in pkgutil.walk_packages(warehouse.__path__, "warehouse."):
        if found.name not in PROGRAMS:
            yield importlib.import_module(found.name)


def lifecycles() -> Mapping[str, Lifecycle]:
    """Every lifecycle by the name of its table of steps."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if isinstance(value, Lifecycle) and module.__name__.endswith("vocabulary"):
                found[name.lower().replace("_", "-")] = value
    return dict(sorted(found.items()))


def state_page(name: str, states: Lifecycle) -> str:
    """One lifecycle as a diagram."""
    steps = [
        f"    {state.value} --> {target.value}"
        for state, following in states.steps.items()
        for target in sorted(following, key=list(states.steps).index)
    ]
    ends = [f"    {state.value} --> [*]" for state, next_ in states.steps.items() if not next_]
    first = next(iter(states.steps)).value
    diagram = "\n".join(["stateDiagram-v2", f"    [*] --> {first}", *steps, *ends])
    return f"{MADE}# {name.replace('-', ' ').capitalize()}\n\n```mermaid\n{diagram}\n```\n"


def refreshed(path: Path, block: str, answers: Mapping[str, str]) -> str:
    """The page at *path*, written by hand, with *block* and the *answers* as they are now."""
    if not path.exists():
        sys.exit(f"{path.relative_to(DOCS.parent)} is missing: write it, with the marks in it.")
    before, rest = path.read_text().split(BEGIN)
    after = rest.split(END)[1]
    thai, separator, english = after.partition(ENGLISH)
    pages = (
        ANSWER.sub(lambda row, tongue=tongue: told(row[1], answers[row[1]], tongue), text)
        for tongue, text in (("th", thai), ("en", english))
    )
    return before + BEGIN + block + END + separator.join(pages)


def told(code: str, sentence: str, language: str) -> str:
    """The first cell of a row about the answer *code*."""
    shown = re.sub(r"{[a-z_]+}", "…", catalogue(language).gettext(sentence))
    return f"| `{code}`<br>{shown} |"


def sentences(flow: Flow) -> Mapping[str, str]:
    """What each code stands for in *flow*: of two rooms that use one, its own comes first."""
    own = sys.modules[next(iter(flow.steps.values())).act.__module__].say
    rooms = [importlib.import_module(each.name) for each in message_modules()]
    found = dict[str, str]()
    for room in (*rooms, own):
        found |= said(room)
    return generally() | found


def generally() -> Mapping[str, str]:
    """What each code stands for that any step may meet."""
    for _ in modules():
        pass
    return {each.code: each.message for each in family(WarehouseError)} | said(messages)


def said(room: object) -> Mapping[str, str]:
    """The sentences of *room* by their codes."""
    found = (each for each in vars(room).values() if isinstance(each, Message))
    return {each.code: each.sentence for each in found}


def message_modules() -> Iterator[pkgutil.ModuleInfo]:
    """The rooms of sentences."""
    return pkgutil.iter_modules(messages.__path__, f"{messages.__name__}.")


def flow_block(flow: Flow) -> str:
    """One task of the floor: its steps as a diagram, and what is said at each."""
    edges = [
        f"    {step.value} --> {_shown(target)}: {', '.join(_taken(step, of))}"
        for step, of in flow.steps.items()
        for target in sorted(of.then, key=list(Step).index)
    ]
    first = next(iter(flow.steps)).value
    diagram = "\n".join(["stateDiagram-v2", f"    [*] --> {first}: {flow.command}", *edges])
    thai = catalogue("th").gettext
    rows = [
        f"| `{step.value}` | {thai(of.prompt)} | {of.prompt} | {', '.join(_taken(step, of))} |"
        f" {'✔' if of.undo else ''} |"
        for step, of in flow.steps.items()
    ]
    table = "\n".join(
        ["| step | ไทย | English | takes | undo |", "| --- | --- | --- | --- | :-: |", *rows]
    )
    return f"```mermaid\n{diagram}\n```\n\n{table}\n"


def _taken(step: Step, of: StepOf) -> list[str]:
    """What may be scanned at *step*."""
    return [*(each for each in EXPECTS[step] if each != "command"), *sorted(of.knows)]


def _shown(target: Step) -> str:
    return "[*]" if target is Step.CHOOSE_TASK else target.value


def buttons() -> str:
    """The tasks and the commands of the scan page, and the key of each."""
    thai = catalogue("th").gettext
    tasks = [
        f"| {each.key_cap} | [{thai(each.label)}]({each.task.value.replace('_', '-')}.md) |"
        f" {each.label} | `{each.barcode}` | {'✔' if each.offline else '–'} |"
        for each in TASKS
    ]
    commands = [
        f"| {each.key_cap} | {thai(each.label)} | {each.label} | `{each.barcode}` |"
        for each in COMMANDS
    ]
    return "\n".join(
        [
            "| ปุ่ม · key | งาน | task | บาร์โค้ด · barcode | ออฟไลน์ · offline |",
            "| --- | --- | --- | --- | :-: |",
            *tasks,
            "",
            "| ปุ่ม · key | คำสั่ง | command | บาร์โค้ด · barcode |",
            "| --- | --- | --- | --- |",
            *commands,
            "",
        ]
    )


def error_page() -> str:
    """Every failure a caller may meet, by its stable code."""
    for _ in modules():
        pass
    thai = catalogue("th").gettext
    rows = sorted(
        {
            (each.code, each.status, each.message, thai(each.message))
            for each in family(WarehouseError)
        }
    )
    table = "\n".join(f"| `{code}` | {status} | {en} | {th} |" for code, status, en, th in rows)
    return (
        f"{MADE}# Errors\n\nAnswered as `application/problem+json` (RFC 9457); the type is"
        " `/problems/<code>` and stable.\n\n| code | status | English | ไทย |\n"
        f"| --- | --- | --- | --- |\n{table}\n"
    )


def validation_page() -> str:
    """Every rule that a declaration must keep before it is sent."""
    thai = catalogue("th").gettext
    rows = (
        f"| `{each.id}` | `{each.field}` | {each.severity} | {each.owner} | {each.says}"
        f" | {thai(each.says)} |"
        for each in validation.rules()
    )
    table = "\n".join(rows)
    return (
        f"{MADE}# What is looked at before a declaration is sent\n\n"
        "C control, I invoice, D detail, T duty, P permit, E deposit, with the field numbers of the"
        " e-Import manual of 2018 (X: the e-Export manual); R restricted goods, L licence and time,"
        " G guarantee, A approval, S tables. An error keeps a declaration from being filed; a"
        " warning is judged by a person, and no standing instruction goes past R02.\n\n"
        "| rule | field | severity | mended by | English | ไทย |\n"
        f"| --- | --- | --- | --- | --- | --- |\n{table}\n"
    )


def family(error: type[WarehouseError]) -> Iterator[type[WarehouseError]]:
    """*error* and every class below it."""
    yield error
    for child in error.__subclasses__():
        yield from family(child)


def permission_page() -> str:
    """The permission table."""
    heading = "| permission | " + " | ".join(ROLE_NAMES[role] for role in PERMISSIONS) + " |"
    rule = "| --- |" + " --- |" * len(PERMISSIONS)
    rows = [
        f"| `{permission.value}` | "
        + " | ".join("✔" if permission in held else "" for held in PERMISSIONS.values())
        + " |"
        for permission in Permission
    ]
    return f"{MADE}# Who may do what\n\n" + "\n".join([heading, rule, *rows]) + "\n"


if __name__ == "__main__":
    main()
