"""How a page is looked at in a real browser: what axe finds, where the keyboard goes, what moves, fits and prints."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response

from tests.support.browser_windows import WATCH, RequestLog

AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
RUN = """async ([where, rules]) => (await axe.run(where, {
    resultTypes: ["violations"], ...(rules.length ? { runOnly: rules } : {}) })).violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`)"""
STOP = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect(), style = getComputedStyle(at);
  window.seen ??= [];
  const again = window.seen.at(-1) === at;
  const back = !again && window.seen.includes(at);
  const onward = !window.seen.length || again || Boolean(window.seen.at(-1).compareDocumentPosition(at) & 4);
  window.seen.push(at);
  return {
    html: at.outerHTML.slice(0, 120), body: at === document.body, again, back,
    onward, inMain: Boolean(at.closest("main")),
    ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    there: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
        && box.right > 0 && box.left < innerWidth,
  };
}"""
CLIPPED = """() => [...document.querySelectorAll("main *")].filter((each) => {
  const { overflowX, overflowY } = getComputedStyle(each);
  const cuts = (how, whole, shown) => ["auto", "scroll", "hidden", "clip"].includes(how) && whole > shown + 2;
  return each.querySelector("table") && (cuts(overflowX, each.scrollWidth, each.clientWidth)
      || cuts(overflowY, each.scrollHeight, each.clientHeight));
}).map((each) => each.outerHTML.slice(0, 120))"""
SHIFTED = """() => [...document.querySelectorAll("main table")].filter((table) => {
  const rows = [...table.querySelectorAll("tbody tr")];
  const cells = [...table.querySelectorAll("thead th")];
  if (rows.length < 10 || table.getBoundingClientRect().top > innerHeight) return false;
  const edges = () => cells.map((cell) => cell.getBoundingClientRect().right);
  const whole = edges(), late = rows.slice(4);
  for (const row of late) row.hidden = true;
  const begun = edges();
  for (const row of late) row.hidden = false;
  return whole.some((edge, at) => Math.abs(edge - begun[at]) > 2);
}).map((table) => table.outerHTML.slice(0, 120))"""
LAST = """() => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const shown = all.filter((each) =>
    !each.disabled && each.checkVisibility() && each.tabIndex >= 0 && each.type !== "hidden");
  shown.at(-1).focus();
}"""
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1920, "height": 1080}


@dataclass
class Sight:
    """A page as a reader has it, the answer that brought it, and what went wrong since."""

    page: Page
    answer: Response
    faults: list[str] = field(default_factory=list)


@contextmanager
def opened(windows, address, *, java_script_enabled=True, settled=True, **options):
    """A lent window at an address, on a desk and with script if not otherwise.

    `settled` is as soon as the page awaits nothing more, else it is shown as soon as it is loaded.
    """
    faults, log = [], RequestLog()
    listeners = [*fault_listeners(faults, urlsplit(address).netloc), *log.listeners]
    with windows.lend(listeners, java_script_enabled=java_script_enabled, **options) as page:
        answer = log.goto(page, address) if settled else page.goto(address, wait_until="load")
        yield Sight(page, answer, faults)


def looked(window, address):
    """The page at an address in a window of the test's own, as soon as it awaits nothing more."""
    window.add_init_script(WATCH)
    page, faults, log = window.new_page(), [], RequestLog()
    for event, listener in (*fault_listeners(faults, urlsplit(address).netloc), *log.listeners):
        page.on(event, listener)
    return Sight(page, log.goto(page, address), faults)


def fault_listeners(faults, server):
    """Those who note what a page complains of, and every address elsewhere that it asks."""
    return [
        ("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None),
        ("pageerror", lambda error: faults.append(str(error))),
        ("request", lambda request: faults.append(request.url) if _leaves(request.url, server) else None),
    ]


def _leaves(url, server):
    return urlsplit(url).netloc not in {server, ""}


def violations(page, where="html", rules=()):
    """What axe-core finds, in words: on the whole page by all its rules, unless told otherwise."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(RUN, [where, list(rules)])


def spills(page):
    """Is the page wider than its window, so that it scrolls sideways?"""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def moves(page):
    """How much the page moved until it had nothing left to do, and what did (cumulative layout shift)."""
    moved = page.evaluate("new Promise((idle) => requestIdleCallback(() => idle(window.moved)))")
    return sum(value for value, _ in moved), moved


def stops(page, most):
    """Where the Tab key halts from the top of the page, up to so many places."""
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); window.seen = undefined; }")
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(STOP)
        if at["body"]:
            return
        yield at


def ends(page):
    """Does the Tab key leave the page behind its last stop?"""
    page.evaluate(LAST)
    for _ in range(6):  # a date field has stops of its own
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return True
    return False


def shifted(page):
    """The long tables in the first window whose columns move when the rows after the fourth arrive."""
    return page.evaluate(SHIFTED)


def clipped(page):
    """The boxes of tables that show only a part of them."""
    return page.evaluate(CLIPPED)


def region_box(page: Page, name: str):
    """The box of a region among the filters of participants."""
    return page.locator(f"#facet-groups input[name=region][value='{name}']")


def choose_region(page: Page, name: str) -> None:
    """Choose a region among the filters of participants."""
    page.locator("#facet-groups > summary").click()
    region_box(page, name).press("Space")
    page.keyboard.press("Escape")  # the panel would lie over what is below it


def choose_option(page: Page, panel: str, words: str) -> None:
    """Choose an option of a filter's panel (`treaties`, `standing`) by its words."""
    page.locator(f"#facet-{panel} > summary").click()
    page.locator(f"#facet-{panel} label", has_text=words).first.locator("input").press("Space")
    page.keyboard.press("Escape")
