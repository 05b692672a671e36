# ruff: noqa: INP001 - a script, not a package
"""Bring the catalogues in `tracker/translations` up to date with the texts of the program.

Texts are found in templates (`_()`, `{% trans %}`) and modules (`message()`, `plural()`), sorted into one catalogue per
subject and language, and entries of texts that are gone are dropped. `--check` changes nothing: it lists what is
missing or outdated and fails where there is something.
"""

import argparse
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from tracker.translations import FOLDER, LANGUAGES, SOURCE_LANGUAGE, empty_catalogue, read_catalogues

ROOT = FOLDER.parent
SUBJECTS = {  # catalogues with the files whose texts they hold; a text that is found in several goes to the first
    "outlook": ("outlook/", "web/templates/outlook", "web/pages/outlook"),
    "network": ("graph/", "web/network/", "schemas/network", "web/templates/network", "web/templates/_network"),
    "law": ("law/", "schemas/"),
    "alerts": ("alerts/", "web/templates/subscri", "web/templates/unsubscri", "web/templates/manage_subscription"),
    "pages": ("",),
}
METHODS = [
    ("**.py", "python"),
    ("web/templates/**.html", "jinja2"),
    ("web/templates/**.svg", "jinja2"),
    ("alerts/templates/**", "jinja2"),
]
OPTIONS = {"web/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "message": None,
    "plural": (1, 2),
}
LEFT_OUT = (b"#", b'"Project-Id', b'"Report-', b'"POT-', b'"PO-', b'"Last-', b'"Language-Team', b'"Generated-By')


def subject_of(path: str) -> str:
    """The catalogue that holds the texts of a file of the program."""
    return next(name for name, starts in SUBJECTS.items() if path.startswith(starts))


def texts() -> dict[str, Catalog]:
    """Every text of the program, by catalogue."""
    found: dict[tuple, str] = {}
    order = list(SUBJECTS)
    for path, _line, text, _comments, context in extract_from_dir(ROOT, METHODS, OPTIONS, KEYWORDS):
        subject = subject_of(Path(path).as_posix())
        key = (text, context)
        if key not in found or order.index(subject) < order.index(found[key]):
            found[key] = subject
    catalogues = {name: Catalog(charset="utf-8") for name in SUBJECTS}
    for (text, context), subject in sorted(found.items(), key=lambda each: str(each[0])):
        if text:
            catalogues[subject].add(text, context=context)
    return catalogues


def renewed(language: str, subject: str, wanted: Catalog, known: Catalog) -> tuple[bytes, list[str]]:
    """A catalogue with the texts wanted and what is known of them, and the texts that are not translated yet."""
    made = empty_catalogue(language)
    missing = []
    for entry in wanted:
        if not entry.id:
            continue
        before = known.get(entry.id if isinstance(entry.id, str) else entry.id[0], entry.context)
        text = before.string if before and bool(before.pluralizable) == bool(entry.pluralizable) else ""
        made.add(entry.id, text, context=entry.context)
        if not text or (isinstance(text, tuple) and not all(text)):
            missing.append(str(entry.id))
    out = BytesIO()
    write_po(out, made, width=0, sort_output=True, no_location=True)
    lines = [line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(LEFT_OUT)]
    return b"".join(lines).lstrip(), missing


def main() -> int:
    """Write the catalogues, or with `--check` say what is missing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    wanted, faults = texts(), 0
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        known = read_catalogues(language)
        for subject, catalogue in wanted.items():
            path = FOLDER / language / f"{subject}.po"
            content, missing = renewed(language, subject, catalogue, known)
            outdated = not path.exists() or path.read_bytes() != content
            if not check:
                path.write_bytes(content)
            faults += len(missing) + (outdated and check)
            state = ", outdated" if check and outdated else ""
            sys.stdout.write(f"{language}/{subject}.po: {len(catalogue)} texts, {len(missing)} to translate{state}\n")
            for text in missing:
                sys.stdout.write(f"  {text}\n")
    return 1 if check and faults else 0


if __name__ == "__main__":
    sys.exit(main())
