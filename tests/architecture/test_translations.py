"""Every sentence a person may read is in Thai, and nothing in the catalogue is left over."""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "warehouse"
KEYWORDS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "trans": None}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]


def test_every_sentence_has_its_thai() -> None:
    catalogue = thai()

    untranslated = {sentence for sentence in sentences() if not catalogue_has(catalogue, sentence)}

    assert untranslated == set()


def test_the_catalogue_holds_no_sentence_that_nobody_says() -> None:
    catalogue = thai()

    left_over = {key(message) for message in catalogue if message.id} - sentences()

    assert left_over == set()


def test_thai_sentences_name_the_same_facts() -> None:
    catalogue = thai()

    differing = {
        key(message)
        for message in catalogue
        if message.id and facts(str(message.id)) != facts(str(message.string))
    }

    assert differing == set()


def thai() -> Catalog:
    with (PACKAGE / "locale" / "th" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="th")


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
