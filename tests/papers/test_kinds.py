"""What a file is, by what is in it; and what is refused, in which sentence."""

import resource
import zipfile
from collections.abc import Callable
from copy import copy
from io import BytesIO

import pytest
from PIL import Image

from app.errors import Refusal
from app.papers import kinds, pictures
from app.papers.kinds import DOCX, JPEG, PDF, XLSX, paper
from tests.papers import files


def called(part: bytes | str) -> str:
    """Never by its bytes: a zip holds the time when it was made, and the next process would call it something else."""
    return "" if isinstance(part, bytes) else ascii(part)[:40]


@pytest.mark.parametrize(
    ("content", "type"),
    [
        (files.PDF, PDF),
        (files.DOCX, DOCX),
        (files.XLSX, XLSX),
        (files.picture(), JPEG),
        (files.picture(format="PNG"), JPEG),
        (files.picture(format="PNG", mode="P"), JPEG),
        (files.picture(format="PNG", mode="RGBA"), JPEG),
        (files.picture(format="WEBP"), JPEG),
        (files.picture(mode="CMYK"), JPEG),
        (files.picture(format="MPO"), JPEG),  # how some telephones write a JPEG
    ],
    ids=called,
)
def test_what_can_be_kept(content: bytes, type: str) -> None:
    kept = paper(content)
    assert kept.type == type
    assert (kept.content == content) == (type != JPEG)  # documents as they are, pictures drawn anew
    assert bool(kept.preview) == (type == JPEG)


def bare(*parts: str) -> bytes:
    """A zip without a list of the types in it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part in parts:
            made.writestr(part, b"x")
    return out.getvalue()


def twice() -> bytes:
    made = bare("[Content_Types].xml", "word/document.xml", "word/documenu.xml")
    return made.replace(b"documenu", b"document")


def overlapping() -> bytes:
    """The same bytes, listed under many names."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", b"x")
        made.writestr("word/document.xml", b"x" * 100_000)
        for n in range(20):
            again = copy(made.filelist[1])
            again.filename = f"word/{n}.xml"
            made.filelist.append(again)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", kinds.EMPTY),
        (b"x" * (kinds.MOST_BYTES + 1), kinds.TOO_LARGE),
        (b"<!doctype html><script>alert(1)</script>", kinds.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", kinds.UNKNOWN),
        (b"GIF89a" + b"\0" * 40, kinds.UNKNOWN),
        (b"MZ" + b"\0" * 40, kinds.UNKNOWN),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, kinds.HEIC),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, kinds.OLD_OFFICE),
        (bare("a.txt"), kinds.UNKNOWN),
        (bare("word/document.xml"), kinds.UNKNOWN),
        (files.office("word/document.xml", "word/vbaProject.bin"), kinds.MACROS),
        (files.office("word/document.xml", "xl/workbook.xml"), kinds.TWO_THINGS),
        (files.PDF + files.DOCX, kinds.TWO_THINGS),
        (bare("%PDF-1.7", "[Content_Types].xml", "word/document.xml"), kinds.TWO_THINGS),
        (files.PDF[:40], kinds.BROKEN),
        (files.DOCX[:-30], kinds.BROKEN),
        (files.DOCX[:60], kinds.BROKEN),
        (files.picture()[:400], pictures.BROKEN),
        (b"\xff\xd8\xff" + b"\0" * 400, pictures.BROKEN),
        (b"RIFF\0\0\0\0WEBP" + b"\0" * 40, pictures.BROKEN),
        (files.bomb(), kinds.SWELLS),
        (files.office("word/document.xml", *(f"{n}.xml" for n in range(2_100))), kinds.SWELLS),
        (overlapping(), kinds.SWELLS),
        (twice(), kinds.TWO_THINGS),
    ],
    ids=called,
)
def test_what_cannot_be_kept_is_told_why(content: bytes, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        paper(content)
    assert refused.value.told == told


@pytest.mark.parametrize("made", [files.png_of, files.webp_of, files.jpeg_of], ids=["png", "webp", "jpeg"])
def test_a_hundred_megapixels_cost_next_to_nothing_to_refuse(made: Callable[[int, int], bytes]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refusal) as refused:
        paper(made(10_000, 10_000))
    assert refused.value.told == pictures.TOO_MANY
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB; drawn it would be 300,000


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_nothing_comes_along_but_what_one_sees_and_that_the_right_way_up(turned: int) -> None:
    sent = files.photo(turned)
    assert files.PLACE in sent
    kept = paper(sent)
    for each in (kept.content, kept.preview or b""):
        drawn = Image.open(BytesIO(each))
        assert files.PLACE not in each
        assert not drawn.getexif()
        assert drawn.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert (drawn.width > drawn.height) == (turned in (1, 3))
        red_first = drawn.getpixel((1, 1))[0] > 200  # type: ignore[index]
        assert red_first == (turned in (1, 6))


def test_what_is_hidden_behind_a_picture_stays_behind() -> None:
    both = files.picture() + files.DOCX + b"<script>alert(1)</script>"
    kept = paper(both)
    assert b"script" not in kept.content
    assert not zipfile.is_zipfile(BytesIO(kept.content))


def test_what_one_can_see_through_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(BytesIO(paper(out.getvalue()).content)).getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_is_kept_no_larger_than_it_needs_to_be() -> None:
    kept = paper(files.picture(4_000, 3_000))
    assert Image.open(BytesIO(kept.content)).size == (2_560, 1_920)
    assert Image.open(BytesIO(kept.preview or b"")).size == (480, 360)
    assert Image.open(BytesIO(paper(files.picture(300, 200)).content)).size == (300, 200)


def test_forty_megapixels_are_still_taken() -> None:
    assert Image.open(BytesIO(paper(files.picture(8_000, 5_000)).content)).size == (2_560, 1_600)
