// Shows other dates in the page's picture, from frames of the server: each is what differs from the date before it.
// Words, picture and panel change at one time, so that no two dates stand beside each other.

/** @import { Frame, PictureChange } from "./network-types.js" */
import { fetchJson } from "./json-requests.js";
import { updateElement } from "./page-update.js";

const SVG = "http://www.w3.org/2000/svg";
const MAX_FRAMES = 300; // that are remembered; the oldest are dropped

/** The frames of one picture; whoever shows another one makes these anew. */
export class Frames {
  /** @type {Map<string, Promise<Frame | undefined>>} frames by the date before and their own */
  #frames = new Map();
  #today = "";

  /**
   * @param {string} source the address of frames
   * @param {string} query what the page shows, without its date
   */
  constructor(source, query) {
    this.source = source;
    this.query = query;
  }

  /**
   * Show a date; false where the server does not give it. Nothing is shown where the page has meanwhile another date.
   * @param {string} shown the date that the page shows
   * @param {string} date
   * @param {string[]} following the dates wanted after it, which are fetched meanwhile
   */
  async show(shown, date, following) {
    if (date === shown) return true;
    const dates = [shown, date, ...following];
    if (!this.#frames.has(key(shown, date))) this.#fetch(dates);
    const frame = await this.#frames.get(key(shown, date));
    if (!frame) return false;
    this.#fetchMissing(dates);
    if (document.getElementById("painting")?.dataset.day === shown) showFrame(frame, this.#today);
    return true;
  }

  /**
   * The frames of dates in a row. Where the server gives fewer than asked for, the rest is asked for later.
   * @param {string[]} dates
   */
  #fetch(dates) {
    const query = new URLSearchParams(this.query);
    for (const date of dates) query.append("date", date);
    /** @type {Promise<{ today: string, frames: Frame[] } | undefined>} */
    const answer = fetchJson(`${this.source}?${String(query)}`).catch(() => undefined);
    const names = dates.slice(1).map((date, index) => key(dates[index] ?? "", date));
    names.forEach((name, index) => this.#frames.set(name, answer.then((found) => found?.frames[index])));
    for (const name of [...this.#frames.keys()].slice(0, -MAX_FRAMES)) this.#frames.delete(name);
    void answer.then((found) => {
      this.#today = found?.today ?? "";
      for (const name of names.slice(found?.frames.length ?? 0)) this.#frames.delete(name);
    });
  }

  /**
   * Fetch what is wanted next while what is there is shown: half of it at a time.
   * @param {string[]} dates
   */
  #fetchMissing(dates) {
    const first = dates.findIndex((date, index) => index > 0 && !this.#frames.has(key(dates[index - 1] ?? "", date)));
    if (first > 0 && first <= (dates.length + 1) / 2) this.#fetch(dates.slice(first - 1));
  }
}

/**
 * @param {string} before
 * @param {string} date
 */
function key(before, date) {
  return `${before} ${date}`;
}

/**
 * @param {Frame} frame
 * @param {string} today
 */
function showFrame({ as_of: date, parts, painting, picture }, today) {
  const svg = document.querySelector("#painting svg");
  svg?.querySelector("#lit")?.remove();
  if (svg) changeElement(svg, picture);
  for (const [name, value] of Object.entries(painting)) document.getElementById("painting")?.setAttribute(name, value);
  for (const [id, markup] of Object.entries(parts)) {
    const element = document.getElementById(id);
    if (element) updateElement(element, markup);
  }
  const field = document.getElementById("as-of");
  if (field instanceof HTMLInputElement && field !== document.activeElement) field.value = date;
  document.querySelector(".date-bar")?.classList.toggle("other-date", date !== today);
}

/**
 * Change an element as the server says: its attributes, and its children, of which most stay as they are.
 * @param {Element} element
 * @param {PictureChange} change
 */
export function changeElement(element, { set, children }) {
  for (const [name, value] of Object.entries(set ?? {})) {
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  if (!children) return;
  const before = [...element.children];
  const after = children.map((each) => {
    if (typeof each === "string") return elementOf(each);
    const [place, change] = Array.isArray(each) ? each : [each, {}];
    const child = before[place];
    if (!child) throw new RangeError("not the picture that the frame is for");
    changeElement(child, change);
    return child;
  });
  const kept = new Set(after);
  for (const child of before) if (!kept.has(child)) child.remove();
  after.forEach((child, index) => {
    if (element.children[index] !== child) element.insertBefore(child, element.children[index] ?? null);
  });
}

/** @param {string} markup of one SVG element */
function elementOf(markup) {
  const frame = document.createElementNS(SVG, "svg");
  frame.innerHTML = markup;
  const found = frame.firstElementChild;
  if (!found) throw new SyntaxError("no element");
  return found;
}
