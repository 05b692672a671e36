// The clause of the form in words, and the date that follows on the test date, while they are being written.
// Without this script the same is shown with the effect.

import { isAbort } from "./latest-task.js";
import { fetchJson } from "./json-requests.js";

const TYPING_PAUSE_MS = 300; // without a key before the server is asked
const NAMES = ["threshold", "delay", "party_delay", "withdrawal_delay", "conditions", "parent", "test_on"];

/** @typedef {{ words: string, trial: string, faults: Record<string, string> }} Readback */

class ClauseReadback {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | undefined} */
  #request;

  /** @param {HTMLFormElement} form with the address of the answers in its `data-clause` */
  constructor(form) {
    this.form = form;
  }

  listen() {
    this.form.addEventListener("input", ({ target }) => {
      if (!(target instanceof Element) || !NAMES.includes(target.getAttribute("name") ?? "")) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#read(), TYPING_PAUSE_MS);
    });
  }

  async #read() {
    this.#request?.abort();
    this.#request = new AbortController();
    const url = new URL(this.form.dataset.clause ?? "", location.href);
    const given = new FormData(this.form);
    for (const name of NAMES) {
      const value = given.get(name);
      url.searchParams.set(name, typeof value === "string" ? value : "");
    }
    try {
      this.#show(await fetchJson(url, this.#request.signal));
    } catch (error) {
      if (!isAbort(error)) this.#show({ words: "", trial: "", faults: {} });
    }
  }

  /** @param {Readback} answer */
  #show({ words, trial, faults }) {
    const texts = { words, trial, faults: Object.values(faults).join(" ") };
    for (const [name, text] of Object.entries(texts)) {
      const place = this.form.querySelector(`[data-${name}]`);
      if (place) place.textContent = text;
    }
  }
}

const form = document.querySelector("form[data-clause]");
if (form instanceof HTMLFormElement) new ClauseReadback(form).listen();
