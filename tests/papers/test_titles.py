"""What a file is called, on screen and on somebody else's machine."""

import pytest

from app.papers.kinds import DOCX, JPEG
from app.papers.titles import disposition, named, titled


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Lokal riktlinje.pdf", "Lokal riktlinje"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\alva\\Enkät våren.XLSX", "Enkät våren"),
        ("en\nrad\x00till\x07", "en rad till"),
        ("faktura\u202efdp.exe", "faktura fdp.exe"),  # which would be read backwards
        ("...", "Bild"),
        ("", "Bild"),
        ("/", "Bild"),
        (".jpg", "Bild"),
        ("å" * 300, "å" * 120),
        ("half \ud83d a letter", "half a letter"),
    ],
)
def test_a_title_is_the_last_of_the_name_and_nothing_that_does_not_show(name: str, title: str) -> None:
    assert titled(name, "Bild") == title


def test_a_file_is_saved_under_its_title_with_the_ending_of_what_it_is() -> None:
    assert (
        disposition("Enkät 2026", JPEG)
        == "attachment; filename=\"Enkat 2026.jpg\"; filename*=UTF-8''Enk%C3%A4t%202026.jpg"
    )
    wild = disposition('a"; x=<b>\r\n?', DOCX)
    assert "\n" not in wild
    assert wild == "attachment; filename=\"a-_ x_-b-__-.docx\"; filename*=UTF-8''a-%3B%20x%3D-b-%0D%0A-.docx"


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("attachment; filename*=UTF-8''n%C3%A4r%20varo.pdf", "när varo.pdf"),
        ("attachment; filename=\"a.pdf\"; FileName*=utf-8''a%3Bb*c; x=y", "a;b*c"),
        ("attachment; filename*=UTF-8''%ff", "\ufffd"),
        *((odd, "") for odd in ("", "attachment", "a; filename*=UTF-8''", "a; filename*=idna''%C3xn--", "; \xe4=")),
    ],
)
def test_a_name_is_read_from_a_header(sent: str, name: str) -> None:
    assert named(sent) == name


@pytest.mark.parametrize("title", ["Enkät 2026", "a'b (c) *;~ %41", "日本 🙂"])
def test_what_is_saved_under_a_name_is_called_so(title: str) -> None:
    assert titled(named(disposition(title, JPEG)), "") == title.replace("*", "-")
