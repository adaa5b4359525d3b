"""Statements that are put into the database's words once, and then run by its driver alone.

SQLAlchemy asks a lot about every statement that it runs. Of the few that each save consists of, that was more work than
everything else together. So these are still written with it, and go through its connection and its transaction, but
past its execution. Nothing else should: without the ORM an ordinary statement is quick enough.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, BindParameter, Connection, Dialect, Insert, Select, Update, bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

Values = Mapping[str, object]
_Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Made:
    """A statement in one database's words: what goes in, by name and in order, and what comes out, each with what turns
    it into the driver's form or back."""

    sql: str
    named: bool  # parameters go in by name, as against by place
    given: Sequence[tuple[str, BindParameter[Any], _Convert]]
    got: Sequence[tuple[int, Callable[[Any], Any]]]  # the columns that are not right as they come

    def parameters(self, values: Values) -> Any:
        each = ((name, values[name] if name in values else _own(bind), turn) for name, bind, turn in self.given)
        made = [(name, turn(value) if turn else value) for name, value, turn in each]
        return dict(made) if self.named else [value for _, value in made]

    def rows(self, rows: Sequence[Any]) -> Sequence[Any]:
        if not self.got:
            return rows
        made = [list(row) for row in rows]
        for row in made:
            for at, turn in self.got:
                row[at] = turn(row[at])
        return made


class Prepared:
    """A SELECT, INSERT or UPDATE whose values are all bound by name. An INSERT names the columns that it is given."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update, *columns: str) -> None:
        self._statement, self._columns = statement, columns
        self._made: dict[str, _Made] = {}

    def rows(self, connection: Connection, values: Values) -> Sequence[Any]:
        """The rows as sequences, in the order of the columns that were asked for."""
        return self._run(connection, values)[0]

    def change(self, connection: Connection, values: Values) -> int:
        """How many rows it changed."""
        return self._run(connection, values)[1]

    def _run(self, connection: Connection, values: Values) -> tuple[Sequence[Any], int]:
        dialect = connection.dialect
        made = self._made.get(dialect.name) or self._make(dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(made.sql, made.parameters(values))
            return made.rows(cursor.fetchall()) if cursor.description else (), cursor.rowcount
        except dialect.loaded_dbapi.Error as error:
            gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
            if gone:
                connection.invalidate(error)
            base = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(made.sql, None, error, base, True, gone, dialect) from error
        finally:
            cursor.close()

    def _make(self, dialect: Dialect) -> _Made:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=self._columns or None)
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        given = [(name, compiled.binds[name], _to_driver(compiled.binds[name], dialect)) for name in names]
        asked = self._statement.selected_columns if isinstance(self._statement, Select) else ()
        turns = (each.type.dialect_impl(dialect).result_processor(dialect, None) for each in asked)
        got = [(at, turn) for at, turn in enumerate(turns) if turn]
        return self._made.setdefault(dialect.name, _Made(str(compiled), not compiled.positional, given, got))


def _to_driver(bind: BindParameter[Any], dialect: Dialect) -> _Convert:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _own(bind: BindParameter[Any]) -> object:
    """The value that stands in the statement itself."""
    if bind.required:
        raise KeyError(bind.key)
    return bind.value


class _texts(GenericFunction[str]):  # noqa: N801 - a function's name
    name = "json_each"
    inherit_cache = True


@compiles(_texts, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"json_array_elements_text{compiler.process(element.clause_expr, **how)}"


def listed(name: str) -> Select[str]:
    """The texts of a list that is bound by this name, for IN: one parameter, however many they are."""
    return select(_texts(bindparam(name, type_=JSON())).table_valued("value").c.value)
