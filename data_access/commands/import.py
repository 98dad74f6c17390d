"""Takes a file over: checked whole, all or nothing, unless bad rows may be set aside."""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine

from data_access import people
from data_access.commands import _problems
from data_access.commands._refreshing import refreshed
from data_access.imports import batches
from data_access.imports import run as imports
from data_access.imports.finishing import ImportResult
from data_access.settings import company_timezone
from domain.errors import FileRejected, InvalidInput
from domain.import_kinds import kinds
from domain.mapping import FileMapping, from_toml
from domain.periods import local_today

HELP = "take over a file of units, customers, lines, areas, outages, notices ..."
SHIPPED = Path(__file__).parent.parent / "mappings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """KIND FILE and how to read it."""
    parser.add_argument("kind", choices=list(kinds()), metavar="KIND", help=", ".join(kinds()))
    parser.add_argument("file", type=Path, help="CSV, CSV.gz or XLSX")
    parser.add_argument("--mapping", help="mapping file (TOML), or the name of one in data_access/mappings")
    parser.add_argument(
        "--bureau", help="key space of the source; default: the mapping's, else your own unit's"
    )
    parser.add_argument(
        "--covers", metavar="FROM..TO", help="period for which no row means zero; or: file (default), none"
    )
    parser.add_argument(
        "--covers-unit",
        metavar="CODE",
        action="append",
        default=[],
        help="unit for which, with all below, the file is complete; may be repeated; default: the lowest "
        "that holds all rows, of several cities each",
    )
    parser.add_argument(
        "--replaces",
        metavar="FROM..TO",
        help="rows of this source and period that the file lacks are withdrawn",
    )
    parser.add_argument(
        "--reject-to", type=Path, metavar="FILE", help="set bad rows aside there, take the others"
    )
    parser.add_argument("--no-refresh", action="store_true", help="leave the figures to a later refresh")
    _problems.add_arguments(parser)


def run(args: argparse.Namespace, engine: Engine) -> int:
    """Import, then bring the figures up to date."""
    language = _problems.language(args)
    viewer = people.viewer_for(engine, None, local_today(company_timezone()))
    options = imports.Options(
        bureau=args.bureau,
        covers=args.covers,
        covers_units=tuple(args.covers_unit),
        replaces=batches.days_from_text(args.replaces) if args.replaces else None,
        reject_to=args.reject_to,
        language=language,
    )
    started = time.monotonic()
    if not args.file.is_file():
        raise InvalidInput("no_such_file", file=args.file)
    try:
        result = imports.import_file(engine, viewer, args.kind, args.file, _mapping(args.mapping), options)
    except FileRejected as error:
        _problems.show(error, args.json, language, args.kind)
        return 1
    seconds = time.monotonic() - started
    if args.json:
        print(json.dumps(asdict(result), default=str, ensure_ascii=False))
    else:
        print(_sentences(result, seconds, args.reject_to))
        _problems.show_counts(result.counts, language, args.kind)
    if result.batch_id is not None and not args.no_refresh:
        followed = refreshed(engine)
        if not args.json:
            print(followed)
    return 0


def _mapping(name: str | None) -> FileMapping | None:
    if name is None:
        return None
    path = Path(name)
    if not path.is_file():
        path = SHIPPED / f"{name.removesuffix('.toml')}.toml"
    if not path.is_file():
        shipped = ", ".join(sorted(one.stem for one in SHIPPED.glob("*.toml")))
        raise InvalidInput("no_such_mapping", mapping=name, shipped=shipped)
    return from_toml(path.read_text(encoding="utf-8"))


def _sentences(result: ImportResult, seconds: float, reject_to: Path | None) -> str:
    if result.batch_id is None:
        return f"Nothing changed: all {result.same:,} rows are there already."
    parts = [
        f"Batch {result.batch_id}: {result.rows:,} rows read in {seconds:.1f} s; {result.new:,} new, "
        f"{result.changed:,} changed, {result.same:,} unchanged, {result.withdrawn:,} withdrawn."
    ]
    if result.units_made:
        parts.append(f"{result.units_made:,} units made from the file.")
    if result.rejected:
        parts.append(f"{result.rejected:,} rows were rejected and written to {reject_to}.")
    if result.covers_units:
        first, last = result.covers
        parts.append(
            f"Covers {first}..{last} of {', '.join(result.covers_units)} with all below: no row there means "
            "zero. Else say --covers, --covers-unit."
        )
        if result.rejected:
            parts.append("The figures there lack the rejected rows until they are corrected and imported.")
    if result.ignored:
        parts.append(f"Columns not used: {', '.join(result.ignored)}.")
    return "\n".join(parts)
