import pytest
from starlette.datastructures import Headers

from app.web.limits import in_utf8


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("application/x-www-form-urlencoded", True),
        ("application/x-www-form-urlencoded; charset=UTF-8", True),
        ('multipart/form-data; boundary=x; charset="utf-8"', True),
        ("multipart/form-data; charset=unicode_escape; boundary=x", False),
        ("application/json; charset=utf-16", False),
    ],
)
def test_a_body_in_another_charset_is_not_read(kind: str, taken: bool) -> None:
    assert in_utf8(Headers({"content-type": kind})) == taken
