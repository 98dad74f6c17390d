"""Who may import what: asked before a file is read."""

from dataclasses import replace

from sqlalchemy import Engine, select

from data_access.scope import is_whole_company, outermost
from data_access.tables.org import database_info
from data_access.transactions import reading
from domain.errors import NotAllowed, WrongDatabase
from domain.viewer import Viewer, import_act


def allowed(engine: Engine, viewer: Viewer, kind: str, origin: str, act: str = "") -> Viewer:
    """The viewer with nothing but the units for which they may import the kind.

    act: what allows it instead of the import, for a verb that changes single rows. Raises NotAllowed, or
    WrongDatabase where demo and real data would meet.
    """
    acting = viewer.acting(act or import_act(kind))
    with reading(engine) as connection:
        data = connection.scalar(select(database_info.c.value).where(database_info.c.key == "data"))
        if (data == "demo") != (origin == "demo"):
            raise WrongDatabase("demo_and_real")
        if kind == "calendar_days" and not is_whole_company(connection, acting.scope):
            raise NotAllowed("calendar_of_company")
        return replace(acting, scope=outermost(connection, acting.scope))
