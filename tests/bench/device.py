"""The device, in Chromium: all that a first visit to an area page loads, how long a text takes on a slow network
(400 ms, 50 kB/s) from its last key until it is safe on the device and until the server has acknowledged it, and how long
a photo of 12 megapixels takes without a net from when it is chosen until it is safe on the device.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.main import create_app
from tests.bench import http
from tests.bench.rows import Row, row, size
from tests.bench.worlds import a_world, filled, signed_in
from tests.browser import serving
from tests.browser.chromium import OFFLINE_ANYWAY
from tests.browser.conftest import SWEDEN, TABLET
from tests.factories import Drafted
from tests.tools import chromium

ROUNDS = 20
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}

# Looks into the device's own database until the text is there; gives the ms since the last key for both places.
_WATCH = """async ([name, field, text]) => {
  const db = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
  const has = (store) => new Promise((done) => {
    const all = db.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => done(all.result.some((each) => each.field === field && each.value === text));
  });
  const until = async (stores) => {
    while (!(await Promise.all(stores.map(has))).includes(true)) await new Promise((done) => setTimeout(done, 5));
    return performance.now() - globalThis.lastKey;
  };
  const device = await until(["waiting", "standing"]);
  const server = await until(["standing"]);
  db.close();
  return [device, server];
}"""

# The ms since a file was chosen until so many are in the device's own database.
_KEPT = """async ([name, count]) => {
  const db = await new Promise((done) => (indexedDB.open(`${name}-files`).onsuccess = (event) => done(event.target.result)));
  const kept = () => new Promise((done) => {
    const counted = db.transaction("files").objectStore("files").count();
    counted.onsuccess = () => done(counted.result);
  });
  while ((await kept()) < count) await new Promise((done) => setTimeout(done, 5));
  db.close();
  return performance.now() - globalThis.lastKey;
}"""


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="sporra-bench-") as name, sync_playwright() as playwright:
        world = filled(a_world(Path(name) / "device.db", 1))
        browser = playwright.chromium.launch(executable_path=chromium(), args=OFFLINE_ANYWAY)
        yield size("first visit bytes", _first_visit(browser, world))
        yield from _slow_network(browser, world, Path(name))
        yield _photo(browser, world, Path(name))
        browser.close()


class Counted:
    """What an application sends, in bytes of bodies as they go over the net."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.sent = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            self.sent += len(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, counted)


def _first_visit(browser: Browser, world: Drafted) -> int:
    """Until the net is quiet, so with what the device asks for by itself."""
    app = Counted(create_app(Settings(world.database.url)))
    with serving.served(app) as address, _area_page(browser, world, address):
        return app.sent


def _slow_network(browser: Browser, world: Drafted, folder: Path) -> Iterator[Row]:
    with (
        http.served(folder, world.database.url) as port,
        _area_page(browser, world, f"http://localhost:{port}") as page,
    ):
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        times = [_typed(page, world, i) for i in range(ROUNDS)]
    yield row("slow network device", [device for device, _ in times])
    yield row("slow network server", [server for _, server in times])


def _typed(page: Page, world: Drafted, i: int) -> tuple[float, float]:
    text = f"Mätning {i} i löpande text."
    box = page.locator("#narr")
    box.fill("")
    box.press_sequentially(text, delay=30)
    device, server = page.evaluate(_WATCH, [f"sporra-{world.a.id}", "area/E/narrative", text])
    return device, server


def _photo(browser: Browser, world: Drafted, folder: Path) -> Row:
    with (
        http.served(folder, world.database.url) as port,
        _area_page(browser, world, f"http://localhost:{port}") as page,
    ):
        page.context.set_offline(True)
        chosen = page.locator("[data-attach='E-F1'] input")
        file = {"name": "bild.jpg", "mimeType": "image/jpeg", "buffer": _twelve_megapixels()}
        times = []
        for i in range(ROUNDS // 2):
            chosen.set_input_files(file)  # type: ignore[arg-type]
            times.append(page.evaluate(_KEPT, [f"sporra-{world.a.id}", i + 1]))
    return row("photo queued", times)


def _twelve_megapixels() -> bytes:
    """As rough as a photo, so that it is no smaller."""
    out = BytesIO()
    Image.effect_noise((4_000, 3_000), 30).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


@contextmanager
def _area_page(browser: Browser, world: Drafted, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **SWEDEN, **TABLET)
    context.add_cookies([{"name": "sporra", "value": signed_in(world, world.a), "url": address}])
    page = context.new_page()
    page.add_init_script("addEventListener('input', () => { globalThis.lastKey = performance.now(); }, true)")
    page.goto(f"/inspektioner/{world.id}/omraden/E", wait_until="networkidle")
    yield page
    context.close()
