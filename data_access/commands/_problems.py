"""How commands show what is wrong with a file, in the language of the person at the terminal."""

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict, replace

from data_access import reasons
from domain import import_problems
from domain.errors import FileRejected, Problem
from domain.import_kinds import column_name

SHOWN = 20
HEADINGS = {  # by language and severity
    "zh": {"error": "错误（须改正，否则不能接收）：", "warning": "提示（不影响接收，请核对）："},
    "en": {
        "error": "Errors (they stop the rows):",
        "warning": "Warnings (taken all the same, to be looked at):",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--language and --json."""
    parser.add_argument("--language", choices=("zh", "en"), help="of the problems; default: from LANG")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def language(args: argparse.Namespace) -> str:
    """zh or en: the argument, else what LANG says."""
    return args.language or reasons.language()


def show(error: FileRejected, as_json: bool, language: str, kind: str = "") -> None:
    """Print a rejected file's problems: counted, then the first in full; all of the first 1,000 in JSON."""
    said = [_line(one, language, kind) for one in error.problems]
    if as_json:
        problems = [asdict(one) | {"text": text} for one, text in zip(error.problems, said, strict=True)]
        counts = [
            {"column": column, "code": code, "count": count} for (column, code), count in error.counts.items()
        ]
        print(json.dumps({"rejected": True, "counts": counts, "problems": problems}, ensure_ascii=False))
        return
    zh = language == "zh"
    print("文件未被接收，数据库没有任何改变。" if zh else "The file was rejected; nothing changed.")
    weights = {(one.column, one.code): one.severity for one in error.problems}
    counted = [(weights.get(place, "error"), *place, count) for place, count in error.counts.items()]
    show_counts(counted, language, kind)
    print("逐行：" if zh else "Row by row:")
    for text in said[:SHOWN]:
        print("  " + text)
    more = sum(error.counts.values()) - SHOWN
    if more > 0:
        print(f"  ……还有 {more:,} 处" if zh else f"  ... and {more:,} more")


def show_counts(counts: Iterable[tuple[str, str, str, int]], language: str, kind: str = "") -> None:
    """Print how many of each there are: what stops rows, and apart from it what is only odd."""
    several = list(counts)
    for severity, heading in HEADINGS[language].items():
        these = [one for one in several if one[0] == severity]
        if these:
            print(heading)
        for _severity, column, code, count in these:
            place = f" [{column_name(kind, column, language)}]" if column else ""
            print(f"  {count:>9,} x {import_problems.title(code, language)}{place}")


def _line(problem: Problem, language: str, kind: str) -> str:
    named = replace(problem, column=column_name(kind, problem.column, language))
    text = import_problems.line(named, language)
    note = "（仅提示）" if language == "zh" else " (only odd)"
    return text + (note if problem.severity == "warning" else "")
