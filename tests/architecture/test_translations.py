"""Every sentence has its Thai, every one of the floor its Chinese; no catalogue says more."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "warehouse"
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "trans": None}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]


# What a scan may be answered: its sentences, and the names and refusals that they carry.
FLOOR = [
    "operations/floor/**/*.py",
    "operations/vocabulary.py",
    "operations/templates/scan.html",
    "core/errors.py",
    *(
        f"{domain}/{file}.py"
        for domain in ("inventory", "shipments", "customs")
        for file in ("errors", "vocabulary")
    ),
]


def test_every_sentence_has_its_thai() -> None:
    catalogue = of("th")

    untranslated = {sentence for sentence in sentences() if not catalogue_has(catalogue, sentence)}

    assert untranslated == set()


def test_every_sentence_of_the_floor_has_its_chinese() -> None:
    catalogue = of("zh")

    untranslated = {sentence for sentence in floor() if not catalogue_has(catalogue, sentence)}

    assert untranslated == set()


@pytest.mark.parametrize("language", ["th", "zh"])
def test_a_catalogue_holds_no_sentence_that_nobody_says(language: str) -> None:
    left_over = {key(message) for message in of(language) if message.id} - sentences()

    assert left_over == set()


@pytest.mark.parametrize("language", ["th", "zh"])
def test_a_translation_names_the_same_facts(language: str) -> None:
    differing = {
        key(message)
        for message in of(language)
        if message.id and facts(str(message.id)) != facts(str(message.string))
    }

    assert differing == set()


def of(language: str) -> Catalog:
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def floor() -> set[str]:
    files = {file for pattern in FLOOR for file in PACKAGE.glob(pattern)}
    return {
        message if isinstance(message, str) else message[0]
        for file in files
        for _, message, _, _ in extract_from_file(
            METHODS[file.suffix == ".html"][1], file, KEYWORDS, options={"trimmed": "true"}
        )
    }


def sentences() -> set[str]:
    found = extract_from_dir(
        PACKAGE,
        method_map=METHODS,
        options_map={"**/templates/**.html": {"trimmed": "true", "silent": "false"}},
        keywords=KEYWORDS,
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def catalogue_has(catalogue: Catalog, sentence: str) -> bool:
    message = catalogue.get(sentence)
    return message is not None and bool(message.string)


def facts(sentence: str) -> set[str]:
    """The names in braces (our sentences) and in %(…)s (the templates')."""
    braces = {part.split("}")[0] for part in sentence.split("{")[1:]}
    percents = {part.split(")")[0] for part in sentence.split("%(")[1:]}
    return braces | percents
