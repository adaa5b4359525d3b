"""The shape of a data file: strict pydantic models, and what they find wrong, in Swedish with its line.

Shared by the rubric file and, in `app`, the inspection file. Which values are right together is not
told here but in each format's own checks.
"""

import difflib
import re
import types
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from rubrics.data_file import Source
from rubrics.problems import DataError, KeyPath, Problem, one_line

MAX_TEXT = 20_000  # characters (code points)
_SHOWN = re.compile("□U\\+[0-9A-F]{4}")  # what stands for one character counts as one, also when it is read again
MAX_ITEMS = 2_000  # in one list or table
_FIRST_YEAR = 1900  # before it a day is a slip, and Word takes some for damage
MAX_TOLD = 100  # problems; nobody reads more, and a broken file may have millions


class Shape(BaseModel):
    """A table of a data file: unknown keys are errors, an empty value is as one left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _empty_is_left_out(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: v for key, v in value.items() if v is not None or key not in cls.model_fields}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Editors validate against the schema: what may be left out may be empty there too."""
        made = handler.resolve_ref_schema(handler(schema))
        for key, value in made["properties"].items():
            if key not in made.get("required", []):
                made["properties"][key] = {"anyOf": [value, {"type": "null"}]}
        return made


def _within_limit(text: str) -> str:
    if not text.strip():
        return ""  # what nobody can see is as left out
    text = text.rstrip("\n")  # a block's last line break is YAML's, not the writer's
    if (count := length(text)) > MAX_TEXT:
        raise PydanticCustomError(
            "text_too_long",
            "texten har {length} tecken. Den får ha högst 20 000; dela den.",
            {"length": f"{count:,}".replace(",", " ")},
        )
    return text


def length(text: str) -> int:
    """A text's length in characters (code points), as the limit counts them."""
    return len(_SHOWN.sub("□", text))


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "texten är tom. Skriv något här.")
    return text


def _day(value: Any) -> date:
    try:
        if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            value = date.fromisoformat(value)
    except ValueError:
        pass
    if type(value) is date and value.year >= _FIRST_YEAR:
        return value
    raise PydanticCustomError("day", "{value} är ingen dag. Skriv den som 2021-10-18.", {"value": _cited(value)})


@dataclass(frozen=True)
class _Schema:
    """For `Annotated`: what the JSON Schema says of a value beside what its type says."""

    more: tuple[tuple[str, Any], ...] = ()
    or_null: bool = False

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        made = {**handler(schema), **dict(self.more)}
        return {"anyOf": [made, {"type": "null"}]} if self.or_null else made


_Value = TypeVar("_Value")

Text = Annotated[str, Strict(), AfterValidator(_within_limit), _Schema((("maxLength", MAX_TEXT),))]
Name = Annotated[Text, AfterValidator(_not_blank), _Schema((("pattern", r"\S"),))]
Count = Annotated[int, Strict(), Field(ge=0)]
Flag = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_day), _Schema((("type", "string"), ("format", "date")))]

Many = Annotated[tuple[_Value, ...], Field(max_length=MAX_ITEMS)]
# Tables whose keys are the writer's own. A key without a value is there all the same: with an empty table or text.
Tables = Annotated[
    dict[Name, Annotated[_Value, BeforeValidator(lambda v: {} if v is None else v), _Schema(or_null=True)]],
    Field(max_length=MAX_ITEMS),
]
Texts = Annotated[
    dict[Name, Annotated[_Value, BeforeValidator(lambda v: "" if v is None else v), _Schema(or_null=True)]],
    Field(max_length=MAX_ITEMS),
]


@dataclass(frozen=True)
class Matching:
    """For `Annotated`: a text that matches the pattern whole. The sentence says what would be right."""

    pattern: str
    sentence: str

    def _check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise PydanticCustomError("pattern", "{text} passar inte. " + self.sentence, {"text": _cited(text)})
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^({self.pattern})$"}


_ShapeT = TypeVar("_ShapeT", bound=Shape)


def parse(source: Source, shape: type[_ShapeT]) -> _ShapeT:
    """The file's value as `shape`. Raises DataError with a problem for everything that does not fit."""
    try:
        return shape.model_validate(source.value)
    except ValidationError as error:
        told = [_problem(source, shape, each) for each in error.errors(include_url=False)[:MAX_TOLD]]
        if (left := error.error_count() - len(told)) > 0:
            last = max((each.line or 0 for each in told), default=0) or None
            told.append(Problem(source.file, f"… och {left} fel till. Rätta de första och försök igen.", line=last))
        raise DataError(told) from None


def _problem(source: Source, shape: type[Shape], error: ErrorDetails) -> Problem:
    path = error["loc"]
    if path[-1:] == ("[key]",) and error["type"] != "extra_forbidden":  # pydantic's own word for "the key itself"
        path = path[:-1]
    return source.problem(path, _sentence(shape, path, error))


_NO_TABLE = "här ska stå nycklar med värden (nyckel: värde)."
_SENTENCES = {  # pydantic's type of error → what to do; {} is the value
    "model_type": _NO_TABLE,
    "dict_type": _NO_TABLE,
    "tuple_type": "här ska stå en lista. Skriv varje del på en rad med - före.",
    "string_unicode": "texten har ett halvt tecken (en ensam surrogat). Skriv tecknet självt.",
    "int_type": "{} passar inte. Skriv ett heltal utan citattecken.",
    "bool_type": "{} passar inte. Skriv true eller false, utan citattecken.",
}


def _sentence(shape: type[Shape], path: KeyPath, error: ErrorDetails) -> str:
    value = error["input"]
    match error["type"]:
        case "missing":
            return f"saknas. Lägg till {path[-1]}."
        case "extra_forbidden":
            return _unknown_key(str(path[-1]), _keys_at(shape, path[:-1]))
        case "string_type":
            return _not_text(value)
        case "literal_error":
            offered = error["ctx"]["expected"].replace(" or ", " eller ")
            return f"{_cited(value)} går inte att välja. Välj {offered}."
        case "greater_than_equal":
            return f"{value} är för litet. Skriv {error['ctx']['ge']} eller större."
        case "less_than_equal":
            return f"{_cited(value)} är för stort. Skriv {error['ctx']['le']} eller mindre."
        case "too_long":
            return f"för många: högst {error['ctx']['max_length']} kan stå här."
        case kind if kind in _SENTENCES:
            return _SENTENCES[kind].format(_cited(value))
        case _:  # our own sentences
            return error["msg"]


def _cited(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return "det tomma värdet" if value is None else "en lista eller tabell"
    text = str(value).lower() if isinstance(value, bool) else one_line(str(value))
    return text if len(text) <= 60 else text[:57] + "…"


def _not_text(value: Any) -> str:
    if isinstance(value, dict | list):
        return "här ska stå en text, inte en lista eller tabell. Sätt citattecken om en text med kolon."
    if value is None:
        return 'texten är tom. Skriv den, eller "" om den ska vara tom.'
    cited = _cited(value)
    return f'{cited} läses inte som text. Sätt citattecken om det: "{cited}".'


def _unknown_key(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    if near:
        return f"nyckeln {_cited(key)} finns inte. Menas {near[0]}?"
    return f"nyckeln {_cited(key)} finns inte här. Det som kan stå: {', '.join(known)}."


def _keys_at(shape: type[Shape], path: KeyPath) -> list[str]:
    """The keys that the model at the key path knows."""
    at: Any = shape
    for key in path:
        at = at.model_fields[key].annotation if _is_shape(at) else _item(at)
        at = _bare(at)
    return list(at.model_fields) if _is_shape(at) else []


def _is_shape(at: Any) -> bool:
    return isinstance(at, type) and issubclass(at, Shape)


def _bare(annotation: Any) -> Any:
    """An annotation without Annotated and without `| None`."""
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _item(annotation: Any) -> Any:
    """What a list or table holds: `tuple[X, ...]` → X, `dict[str, X]` → X."""
    args = get_args(annotation)
    return args[1] if get_origin(annotation) is dict else args[0] if args else annotation
