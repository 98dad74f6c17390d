"""What a file is, and whether it can be read at all, before a row is parsed.

examine() passes once over the whole content: its hash, its encoding, NUL bytes, a line or a quoted cell
that never ends. So a damaged file is refused before a row is parsed, with little memory.
"""

import codecs
import gzip
import hashlib
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from data_access.imports import reading_xlsx
from domain.errors import FileRejected, Problem

BLOCK = 1 << 20
LONGEST_LINE = 1 << 20  # bytes
DELIMITERS = ",;\t|"
QUOTE = 34
OLE = b"\xd0\xcf\x11\xe0"  # Excel before 2007


@dataclass(frozen=True)
class FileFacts:
    """What a file is, found by looking into it."""

    path: Path
    form: str  # csv or xlsx
    is_gzip: bool
    encoding: str
    delimiter: str
    sha256: str  # of the content before compression


def refused(
    code: str, row: int = 0, value: object = "", expected: object = "", column: str = ""
) -> FileRejected:
    """The error of a file that cannot be read any further."""
    problem = Problem(row, column, str(value), code, str(expected))
    return FileRejected([problem], {(column, code): 1})


def examine(path: Path) -> FileFacts:
    """What the file is. Raises FileRejected for what cannot be read as a table at all."""
    suffixes = [one.lower() for one in path.suffixes[-2:]]
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise refused("empty_file", value=path.name)
    named_xlsx, named_gzip = suffixes[-1:] == [".xlsx"], suffixes[-1:] == [".gz"]
    is_xlsx, is_gzip = head.startswith(b"PK\x03\x04"), head.startswith(b"\x1f\x8b")
    if head.startswith(OLE):
        raise refused("content_is_old_excel", value=path.name)
    for named, is_so, wrong, lacking in (
        (named_xlsx, is_xlsx, "content_is_xlsx", "content_not_xlsx"),
        (named_gzip, is_gzip, "content_is_gzip", "content_not_gzip"),
    ):
        if named != is_so:
            raise refused(lacking if named else wrong, value=path.name)
    if is_xlsx:
        reading_xlsx.check(path, refused)
        return FileFacts(path, "xlsx", False, "", "", _hash(path))
    try:
        encoding, sha256 = _pass_over(path, is_gzip)
        delimiter = _delimiter(path, is_gzip)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refused("broken_file", value=path.name, expected=str(error)) from error
    return FileFacts(path, "csv", is_gzip, encoding, delimiter, sha256)


def _pass_over(path: Path, is_gzip: bool) -> tuple[str, str]:
    """Encoding and hash of the content. Raises FileRejected at the first thing that no reader survives."""
    digest = hashlib.sha256()
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "gb18030")}
    lines, since_newline, quotes = 1, 0, Quotes(ord(_delimiter(path, is_gzip)))
    with open_content(path, is_gzip) as file:
        while block := file.read(BLOCK):
            digest.update(block)
            if lines == 1 and block[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise refused("encoding_utf16", value=path.name, expected="UTF-8, GB18030")
            if b"\0" in block:
                raise refused("nul_bytes", row=lines + block[: block.index(b"\0")].count(b"\n"))
            _decode(decoders, block, lines)
            since_newline = _longest_line(block, since_newline, lines)
            quotes = after_quotes(block, quotes)
            if quotes.inside > LONGEST_LINE:
                raise refused("broken_quotes", row=lines)
            lines += block.count(b"\n")
    _decode(decoders, b"", lines, final=True)
    if quotes.is_open and not quotes.ends_in_quote:
        raise refused("broken_quotes", row=lines)
    return next(iter(decoders)), digest.hexdigest()


def _decode(decoders: dict, block: bytes, lines: int, final: bool = False) -> None:
    """Drop the encodings that the block contradicts; raises FileRejected when none is left."""
    for name, decoder in list(decoders.items()):
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError as error:
            del decoders[name]
            row = lines + error.object[: error.start].count(b"\n")
            if not decoders:
                raise refused("encoding", row=row, expected="UTF-8, GB18030") from error
        else:
            if not block.isascii():
                decoders.clear()
                decoders[name] = decoder  # UTF-8 is tried first: what is valid there means it
                return


def _longest_line(block: bytes, since_newline: int, lines: int) -> int:
    ends = np.flatnonzero(np.isin(np.frombuffer(block, dtype=np.uint8), (10, 13)))
    if not len(ends):
        since_newline += len(block)
        longest = since_newline
    else:
        longest = max(since_newline + int(ends[0]), int(np.diff(ends).max(initial=0)))
        since_newline = len(block) - int(ends[-1])
    if longest > LONGEST_LINE:
        raise refused("line_too_long", row=lines, expected=f"<= {LONGEST_LINE} bytes")
    return since_newline


@dataclass(frozen=True)
class Quotes:
    """Whether a quoted cell is open after the bytes read so far."""

    delimiter: int
    is_open: bool = False
    inside: int = 0  # bytes since it was opened
    before: int = 10  # the last byte
    ends_in_quote: bool = False  # that byte is a quote that closes, unless another follows


def after_quotes(block: bytes, so_far: Quotes) -> Quotes:
    """The state after the block. A quote opens a cell only at its beginning: 12" pipe is no quoted cell."""
    if b'"' not in block and not so_far.ends_in_quote:
        inside = so_far.inside + len(block) if so_far.is_open else 0
        return replace(so_far, inside=inside, before=block[-1])
    if so_far.ends_in_quote and block[0] != QUOTE:
        so_far = replace(so_far, is_open=False, ends_in_quote=False)
    places = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == QUOTE).tolist()
    is_open, opened, skip = so_far.is_open, -so_far.inside, 0 if so_far.ends_in_quote else -1
    last = len(block) - 1
    for place in places:
        if place == skip:
            continue
        if not is_open:
            before = block[place - 1] if place else so_far.before
            is_open = before in (so_far.delimiter, 10, 13)
            opened = place
        elif place == last:
            return Quotes(so_far.delimiter, True, last - opened, QUOTE, True)
        elif block[place + 1] == QUOTE:
            skip = place + 1  # doubled: a quote inside the cell
        else:
            is_open = False
    return Quotes(so_far.delimiter, is_open, len(block) - opened if is_open else 0, block[-1])


def _delimiter(path: Path, is_gzip: bool) -> str:
    with open_content(path, is_gzip) as file:
        head = file.read(BLOCK)
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = head.decode("gb18030", errors="ignore")
    first = text.replace("\r", "\n").lstrip("\n").partition("\n")[0]
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=lambda one: (outside.count(one), one == ","))


def open_content(path: Path, is_gzip: bool) -> BinaryIO:
    """The content before compression."""
    return gzip.open(path, "rb") if is_gzip else path.open("rb")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
