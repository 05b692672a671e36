"""Browser windows that are used again: a new one starts a process, which costs more than most pages that it shows.

A window that is lent begins as a new one does: on an empty page, without cookies, storage and cache, its pointer in
the corner. What it cannot change while it lives (script or none, touch or none) is part of its kind.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, Response

DESK = {"width": 1440, "height": 1000}
WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`));
window.moved = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput)
    window.moved.push([each.value, each.sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? "").join(" | ")]);
}).observe({ type: "layout-shift", buffered: true });
"""
Listeners = list[tuple[str, Callable[..., Any]]]  # names of events, each with who hears of it
IDLE = "new Promise((idle) => requestIdleCallback(() => requestAnimationFrame(() => idle())))"


class BrowserWindows:
    """The windows of one browser, by kind, that nobody uses at the moment."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._spare: dict[str, list[Page]] = defaultdict(list)
        self._sessions: dict[Page, CDPSession] = {}

    @contextmanager
    def lend(
        self,
        listeners: Listeners,
        *,
        viewport: dict[str, int] = DESK,
        color_scheme: str = "light",
        **kind: Any,
    ) -> Iterator[Page]:
        """A window as if it were new; the listeners hear its events as long as it is lent.

        One in which something went wrong is not used again.
        """
        spare = self._spare[repr(sorted(kind.items()))]
        page = spare.pop() if spare else self._new(kind)
        page.bring_to_front()
        page.set_viewport_size(viewport)
        page.emulate_media(media="null", color_scheme=color_scheme)
        for event, listener in listeners:
            page.on(event, listener)
        try:
            yield page
        except BaseException:
            del self._sessions[page]
            page.context.close()
            raise
        page.mouse.move(0, 0)  # what the page has told until now is heard before this is done
        for event, listener in listeners:
            page.remove_listener(event, listener)
        self._empty(page)
        spare.append(page)

    def _new(self, kind: dict[str, Any]) -> Page:
        context = self._browser.new_context(**kind)
        if kind.get("java_script_enabled", True):
            context.add_init_script(WATCH)
        page = context.new_page()
        self._sessions[page] = context.new_cdp_session(page)
        return page

    def _empty(self, page: Page) -> None:
        """Leave nothing of what was done in a window."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
        page.unroute_all()
        page.goto("about:blank")
        self._sessions[page].send("Network.clearBrowserCache")
        self._sessions[page].send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})


class RequestLog:
    """The requests of a page that are not answered to their end."""

    def __init__(self) -> None:
        self._pending: set[Any] = set()
        self.listeners: Listeners = [
            ("request", self._begin), ("requestfinished", self._end), ("requestfailed", self._end),
        ]  # fmt: skip

    def goto(self, page: Page, address: str) -> Response:
        """Open an address, and wait until the page is loaded, awaits no answer and has nothing left to do."""
        self._pending.clear()
        answer = page.goto(address, wait_until="load")
        page.evaluate(IDLE)
        while self._pending:
            page.evaluate(IDLE)
        return answer

    def _begin(self, request: Any) -> None:
        self._pending.add(request)

    def _end(self, request: Any) -> None:
        self._pending.discard(request)
