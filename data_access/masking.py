"""Personal columns as they leave the database: masked there, so that a plain value never travels.

A read that names a marked column (tables/metadata.py) does so through masked(); tests/data_access/
test_personal.py asks every read and finds no plain value. The plain ones come through unmasking.py only.
"""

from sqlalchemy import Column, ColumnElement, Integer, String, and_, case, func

from data_access.sql_functions import place_of
from domain.personal import ADDRESS_PART, SHORTEST_PHONE


def masked(column: Column) -> ColumnElement[str]:
    """The column as everybody may see it, the same as domain.personal.masked(); one without a mark is itself.

    Under no name of its own: label it. Columns of an alias or a subquery are marked as their origin is.
    """
    mark = next((one.info for one in column.base_columns if "personal" in one.info), None)
    if mark is None:
        return column
    hidden = case((column == "", column), else_=_MASKS[mark["personal"]](column))
    if where := mark.get("personal_where"):
        is_personal = and_(*(column.table.c[other] == value for other, value in where.items()))
        return case((is_personal, hidden), else_=column)
    return hidden


def _name(column: ColumnElement[str]) -> ColumnElement[str]:
    return func.substr(column, 1, 1, type_=String) + "**"


def _phone(column: ColumnElement[str]) -> ColumnElement[str]:
    last = func.substr(column, func.length(column) - 3, 4, type_=String)
    kept = func.substr(column, 1, 3, type_=String) + "****" + last
    return case((func.length(column) < SHORTEST_PHONE, "*******"), else_=kept)


def _address(column: ColumnElement[str]) -> ColumnElement[str]:
    is_long = func.length(column) >= 2 * ADDRESS_PART
    kept = case((is_long, ADDRESS_PART), else_=func.length(column, type_=Integer) // 2)
    return func.substr(column, 1, kept, type_=String) + "***"


def _email(column: ColumnElement[str]) -> ColumnElement[str]:
    place = place_of("@", column)
    first = case((place > 1, func.substr(column, 1, 1, type_=String)), else_="")
    kept = first + "***" + func.substr(column, place, func.length(column), type_=String)
    return case((place == 0, "***"), else_=kept)


_MASKS = {"name": _name, "phone": _phone, "address": _address, "email": _email}
