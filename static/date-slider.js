// The date slider: changes the date of the page, fetches the page as of that date and updates it in place.
// Without this script the date field serves. Pages opt in with the address of their timeline in `data-timeline`.
//
// A script of a page may handle a new date itself: it listens to "datewanted", prevents the default, and gives the
// promise of its being shown as `detail.shown`; playing waits for it. While the slider plays or is dragged
// (`detail.isMoving`), the page need not be whole: the last date is wanted again when it stops. `detail.following` are
// the dates after it while it plays.

import { DateScale, longDate } from "./date-scale.js";
import { fetchJson } from "./json-requests.js";
import { isAbort, LatestTask } from "./latest-task.js";
import { fetchPage, updatePage } from "./page-update.js";

const PLAY_STEPS = 240; // from one end to the other
const PLAY_PAUSE_MS = 60; // the least time for each of them
const MAX_FOLLOWING = 11; // dates after it that are told beforehand
const CALM_PAUSE_MS = 1000; // the same, a year at a time, for readers who prefer less motion

class DateSlider {
  /** @type {DateScale} */
  #scale;
  #date; // what the slider says
  #shown; // what the page shows
  #hasMoved = false;
  /** @type {symbol | undefined} */
  #playback; // set while it plays
  #update = new LatestTask((signal) => this.#showDate(this.#date, signal));
  #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * @param {HTMLElement} element
   * @param {DateScale} scale
   */
  constructor(element, scale) {
    this.element = element;
    this.#scale = scale;
    this.range = /** @type {HTMLInputElement} */ (element.querySelector("input[type=range]"));
    this.button = /** @type {HTMLButtonElement} */ (element.querySelector("button"));
    this.#date = this.#shown = element.dataset.date ?? scale.today;
  }

  start() {
    const { range, button, element } = this;
    range.max = String(this.#scale.lastPosition);
    this.#showValue();
    this.#setShown(this.#date);
    this.#drawTicks();
    range.addEventListener("input", () => void this.#move(this.#scale.dateAt(Number(range.value)), { isMoving: true }));
    range.addEventListener("change", () => void this.#move(this.#scale.dateAt(Number(range.value))));
    range.addEventListener("keydown", (event) => this.#onKey(event));
    button.addEventListener("click", () => (this.#playback ? this.#pause() : this.#play()));
    addEventListener("popstate", () => void this.#move(this.#dateOfAddress(), { addToHistory: false }));
    range.disabled = button.disabled = false;
    element.dataset.ready = "true";
  }

  #dateOfAddress() {
    return new URLSearchParams(location.search).get("as_of") || this.#scale.today;
  }

  /** @param {string} date */
  #addressOf(date) {
    const address = new URL(location.href);
    if (date === this.#scale.today) address.searchParams.delete("as_of");
    else address.searchParams.set("as_of", date);
    return address;
  }

  #showValue() {
    this.range.value = String(this.#scale.positionOf(this.#date));
    this.range.setAttribute("aria-valuetext", this.#scale.describe(this.#date));
  }

  /**
   * The date in words is that of the page, also while another one is on its way.
   * @param {string} date
   */
  #setShown(date) {
    this.#shown = date;
    const text = this.element.querySelector(".slider-date");
    if (text) text.textContent = longDate(date, this.#scale.language);
  }

  #drawTicks() {
    const { counts, milestones } = this.#scale.tickPaths();
    this.element.querySelector(".tick-counts")?.setAttribute("d", counts);
    this.element.querySelector(".tick-milestones")?.setAttribute("d", milestones);
  }

  // -- moving ---------------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const date = this.#scale.dateForKey(event.key, this.#date);
    if (date === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#pause();
    void this.#move(date);
  }

  /**
   * Move to a date; resolves when the page shows the latest date asked for.
   * @param {string} date
   * @param {{ addToHistory?: boolean, isMoving?: boolean }} [options]
   */
  async #move(date, { addToHistory = true, isMoving = false } = {}) {
    this.#date = date;
    this.#showValue();
    const address = this.#addressOf(date);
    if (addToHistory) {
      if (this.#hasMoved) history.replaceState(null, "", address);
      else history.pushState(null, "", address);
      this.#hasMoved = true;
    }
    /** @type {{ date: string, following: string[], isMoving: boolean, shown?: Promise<void> }} */
    const detail = { date, isMoving, following: this.#playback ? this.#datesAfter(date) : [] };
    if (!document.dispatchEvent(new CustomEvent("datewanted", { cancelable: true, detail }))) {
      await detail.shown;
      if (this.#date === date) this.#setShown(date);
    }
    else await this.#update.request();
  }

  /**
   * Show the page as of a date. Where that cannot be done in place, the browser goes there.
   * @param {string} date
   * @param {AbortSignal} signal
   */
  async #showDate(date, signal) {
    if (date === this.#shown) return;
    this.element.dataset.busy = "true";
    try {
      const { ok, page } = await fetchPage(this.#addressOf(date), signal);
      if (!ok || !page.querySelector(".date-slider")) throw new TypeError("not a page of this kind");
      updatePage(page);
      this.#setShown(date);
    } catch (error) {
      if (isAbort(error)) throw error;
      location.assign(this.#addressOf(this.#date)); // the reader may have moved on meanwhile
    } finally {
      delete this.element.dataset.busy;
    }
  }

  // -- playing --------------------------------------------------------------------------------------------

  #play() {
    this.button.setAttribute("aria-pressed", "true");
    void this.#playFrom(this.#date >= this.#scale.today ? this.#scale.first : this.#date);
  }

  #pause() {
    const wasPlaying = this.#playback !== undefined;
    this.#playback = undefined;
    this.button.setAttribute("aria-pressed", "false");
    if (wasPlaying) void this.#move(this.#date);
  }

  /** @param {string} start */
  async #playFrom(start) {
    const playback = this.#playback = Symbol("playback");
    for (let date = start; this.#playback === playback; date = this.#dateAfterStep(date)) {
      const began = performance.now();
      await this.#move(date, { isMoving: true });
      if (this.#playback !== playback) return;
      if (date >= this.#scale.today) this.#pause();
      const pause = this.#reducedMotion.matches ? CALM_PAUSE_MS : PLAY_PAUSE_MS;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, pause - (performance.now() - began))));
    }
  }

  /** @param {string} date */
  #datesAfter(date) {
    const found = [];
    for (let next = date; next < this.#scale.today && found.length < MAX_FOLLOWING;) found.push(next = this.#dateAfterStep(next));
    return found;
  }

  /** @param {string} date */
  #dateAfterStep(date) {
    const scale = this.#scale;
    const end = scale.positionOf(scale.today);
    const next = this.#reducedMotion.matches
      ? scale.positionOf(scale.addYears(date, 1))
      : scale.positionOf(date) + Math.ceil(end / PLAY_STEPS);
    return scale.dateAt(Math.min(next, end));
  }
}

const element = document.querySelector(".date-slider[data-timeline]");
if (element instanceof HTMLElement) {
  const { timeline = "", today = "", date = "", words = "" } = element.dataset;
  const answer = await fetchJson(timeline).catch(() => undefined); // without it the slider stays disabled
  const said = JSON.parse(words || "{}");
  if (answer) new DateSlider(element, new DateScale(answer.data, today, date, document.documentElement.lang, said)).start();
}
