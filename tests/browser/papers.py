"""Pictures beside what they are about, as those who take them use them."""

from typing import Any

from playwright.sync_api import Locator, Page

from tests.papers import files


def upload(name: str, content: bytes, type: str = "image/jpeg") -> Any:
    return {"name": name, "mimeType": type, "buffer": content}


def beside(page: Page, criterion: str = "C-F1") -> Locator:
    return page.locator(f"[id='{criterion}'] details").filter(has=page.locator("[data-attach]"))


def photographs(page: Page, criterion: str = "C-F1") -> None:
    fold = beside(page, criterion)
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    fold.locator("input[type=file]").set_input_files(upload("image.jpg", files.photo()))
