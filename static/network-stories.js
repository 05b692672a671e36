// Plays a story: shows its next step, and after a pause to read the caption the one after it, until the last.

const PAUSE_MS = 5000;

export class StoryPlayer {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isPlaying = false;

  /** @param {(query: URLSearchParams) => Promise<unknown>} show shows the page of a query */
  constructor(show) {
    this.show = show;
  }

  toggle() {
    if (this.#isPlaying) return this.stop();
    this.#say(true);
    return void this.#next();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#say(false);
  }

  async #next() {
    const next = document.querySelector("#story a[rel=next]");
    if (!(next instanceof HTMLAnchorElement)) return this.stop();
    await this.show(new URL(next.href).searchParams);
    if (this.#isPlaying) this.#timer = setTimeout(() => void this.#next(), PAUSE_MS);
  }

  /** @param {boolean} isPlaying */
  #say(isPlaying) {
    this.#isPlaying = isPlaying;
    document.getElementById("story-play")?.setAttribute("aria-pressed", String(isPlaying));
  }
}
