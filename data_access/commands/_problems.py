"""How commands show what is wrong with a file, in the language of the person at the terminal."""

import argparse
import json
import os
from collections.abc import Iterable
from dataclasses import asdict

from domain import import_problems
from domain.errors import FileRejected

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--language and --json."""
    parser.add_argument("--language", choices=("zh", "en"), help="of the problems; default: from LANG")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def language(args: argparse.Namespace) -> str:
    """zh or en: the argument, else what LANG says."""
    return args.language or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")


def show(error: FileRejected, as_json: bool, language: str) -> None:
    """Print a rejected file's problems: counted, then the first in full; all of the first 1,000 in JSON."""
    if as_json:
        problems = [asdict(one) | {"text": import_problems.line(one, language)} for one in error.problems]
        counts = [
            {"column": column, "code": code, "count": count} for (column, code), count in error.counts.items()
        ]
        print(json.dumps({"rejected": True, "counts": counts, "problems": problems}, ensure_ascii=False))
        return
    zh = language == "zh"
    print("文件未被接收，数据库没有任何改变。" if zh else "The file was rejected; nothing changed.")
    show_counts([("", column, code, count) for (column, code), count in error.counts.items()], language)
    for one in error.problems[:SHOWN]:
        print("  " + import_problems.line(one, language))
    more = sum(error.counts.values()) - SHOWN
    if more > 0:
        print(f"  ……还有 {more:,} 处" if zh else f"  ... and {more:,} more")


def show_counts(counts: Iterable[tuple[str, str, str, int]], language: str) -> None:
    """Print how many of each there are."""
    for _, column, code, count in counts:
        place = f" [{column}]" if column else ""
        print(f"  {count:>9,} x {import_problems.title(code, language)}{place}")
