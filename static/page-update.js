// Fetching what an address asks for: one request at a time, the newest wish wins, and an outdated request is given
// little time; and putting the parts of the page that the server made for that address in place.

const PATIENCE = 250; // milliseconds that an outdated request may still take
const PARTS = ["summary", "views", "network-form", "panel", "unselected", "legend", "saving", "asking", "answers", "rows"];
const FRAME = ["nav[aria-label=Main]", ".as-of", ".when > p", ".bottom", ".on-paper"];

/** Does work over and over until it has been done for the newest wish. */
export class Latest {
  /** `work(signal)` does whatever is wanted when it begins; what it throws on being aborted counts for nothing. */
  constructor(work) {
    this.work = work;
  }

  ask() {
    if (this.going) {
      this.stale = true;
      this.late ??= setTimeout(() => this.control.abort(), PATIENCE);
      return this.going;
    }
    this.going = this.run().finally(() => { this.going = undefined; });
    return this.going;
  }

  async run() {
    do {
      this.stale = false;
      this.control = new AbortController();
      try {
        await this.work(this.control.signal);
      } catch (trouble) {
        if (trouble.name !== "AbortError") throw trouble;
      } finally {
        clearTimeout(this.late);
        this.late = undefined;
      }
    } while (this.stale);
  }
}

/** The JSON at an address; throws where the server refuses. */
export async function json(url, signal) {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

/** The page at an address as a document, and whether the server gave it. */
export async function page(url, signal) {
  const answer = await fetch(url, { signal, headers: { Accept: "text/html" } });
  return { given: answer.ok, found: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

/** The script keeps the address itself: what forms carry along for readers without it would only be in its way. */
export function strip(root) {
  for (const field of root.querySelectorAll("form[data-go] input[type=hidden]")) field.remove();
  if (root.getElementById("png")) root.getElementById("png").hidden = false;
}

/** Put in place whatever differs, and keep the reader where they were. */
export function renew(found) {
  strip(found);
  const here = document.activeElement;
  for (const part of PARTS.map((id) => `#${id}`).concat(FRAME)) {
    const [old, fresh] = [document.querySelector(part), found.querySelector(part)];
    if (!old || !fresh || old.isEqualNode(fresh)) continue;
    const inside = old.contains(here) && mark(here);
    keepOpen(old, fresh);
    old.replaceWith(fresh);
    if (inside) back(fresh, inside);
  }
  document.querySelector(".when")?.classList.toggle("elsewhen", found.querySelector(".when")?.classList.contains("elsewhen"));
  const [still, new_] = [document.getElementById("still"), found.getElementById("still")];
  if (still && new_ && still.getAttribute("src") !== new_.getAttribute("src")) still.replaceWith(new_);
  document.title = found.title;
}

function keepOpen(old, fresh) {
  const open = new Set([...old.querySelectorAll("details[open] > summary")].map((each) => each.textContent.replace(/\d+/g, "#")));
  for (const each of fresh.querySelectorAll("details")) {
    if (open.has(each.querySelector("summary").textContent.replace(/\d+/g, "#"))) each.open = true;
  }
}

function mark(element) {
  return { id: element.id, name: element.name, words: element.textContent.trim() };
}

/** The focus goes to what stands in the same place now, else to the part's heading. */
function back(part, { id, name, words }) {
  const same = [...part.querySelectorAll("a, button, input, select, summary")].find(
    (each) => (id && each.id === id) || (name && each.name === name) || (words && each.textContent.trim() === words),
  );
  const target = same ?? part.querySelector("h2, caption") ?? part;
  if (!same) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
