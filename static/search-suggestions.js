// Suggestions under the search box: a combobox after the ARIA Authoring Practices, fed by the address in the form's
// `data-suggestions`. Without this script the box is a plain form. The server decides what matches, and how well.

import { isAbort } from "./latest-task.js";
import { fetchJson } from "./json-requests.js";

const TYPING_PAUSE_MS = 120; // without a key before the server is asked

/**
 * @typedef {object} Suggestion
 * @property {string} name in the language of the page, as are the facts
 * @property {string} matched the name that was matched, which may be another one
 * @property {string} language
 * @property {string} direction
 * @property {string[]} facts
 * @property {string} address
 */

/**
 * @typedef {object} Answer what is known of several things put together
 * @property {string} text
 * @property {string[]} facts
 * @property {string} address
 */

class SearchBox {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | undefined} */
  #request;
  #selected = -1; // index of the selected suggestion

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list
   * @param {HTMLElement} status tells screen readers how many suggestions there are
   */
  constructor(form, input, list, status) {
    this.form = form;
    this.input = input;
    this.list = list;
    this.status = status;
  }

  listen() {
    const { input, list } = this;
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#suggest(), TYPING_PAUSE_MS);
    });
    input.addEventListener("keydown", (event) => this.#onKey(event));
    input.addEventListener("focus", () => { if (list.children.length && input.value.trim()) this.#open(); });
    input.addEventListener("blur", () => this.#close());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", ({ target }) => {
      if (target instanceof Element) this.#follow(target.closest("[role=option]"));
    });
  }

  async #suggest() {
    this.#request?.abort();
    const text = this.input.value.trim();
    if (!text) return this.#show([], [], 0);
    this.#request = new AbortController();
    const url = new URL(this.form.dataset.suggestions ?? "", location.href); // read anew: it changes with the date
    url.searchParams.set("q", text);
    try {
      const { data } = await fetchJson(url, this.#request.signal);
      if (document.activeElement === this.input && this.input.value.trim() === text) this.#show(data.answers, data.results, data.count);
    } catch (error) {
      if (!isAbort(error)) this.#show([], [], 0);
    }
  }

  /**
   * @param {Answer[]} answers
   * @param {Suggestion[]} results
   * @param {number} count how many results there are in all
   */
  #show(answers, results, count) {
    this.list.replaceChildren(...answers.map(answerElement), ...results.map(resultElement));
    [...this.list.children].forEach((item, index) => { item.id = `suggestion-${index}`; });
    this.#select(-1);
    const number = answers.length + results.length;
    if (number) this.#open(); else this.#close();
    const { none = "", shown = "" } = this.status.dataset;
    const said = number ? shown.replace("{shown}", String(number)).replace("{count}", String(count + answers.length)) : none;
    this.status.textContent = this.input.value.trim() ? said : "";
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    const last = this.list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) return;
      event.preventDefault();
      if (this.list.hidden) this.#open();
      const next = this.#selected + (event.key === "ArrowDown" ? 1 : -1);
      this.#select(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // the first Escape closes the list, the next empties the box
      this.#close();
    } else if (event.key === "Enter" && this.#selected >= 0 && !this.list.hidden) {
      event.preventDefault();
      this.#follow(this.list.children[this.#selected]);
    }
  }

  /** @param {number} index */
  #select(index) {
    this.#selected = index;
    [...this.list.children].forEach((item, i) => { item.ariaSelected = String(i === index); });
    const item = this.list.children[index];
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  #open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#select(-1);
  }

  /** @param {Element | null | undefined} item */
  #follow(item) {
    if (item instanceof HTMLElement) location.assign(item.dataset.address ?? "");
  }
}

/** @param {Answer} answer */
function answerElement({ text, facts, address }) {
  const item = optionElement(address);
  item.append(textElement("span", text, "name"), " ", textElement("small", facts.join(" ")));
  return item;
}

/** @param {Suggestion} suggestion */
function resultElement({ name, matched, language, direction, facts, address }) {
  const item = optionElement(address);
  item.append(textElement("span", name, "name"));
  if (matched !== name) {
    const other = textElement("bdi", matched, "matched");
    if (language) [other.lang, other.dir] = [language, direction];
    item.append(" ", other);
  }
  item.append(" ", textElement("small", facts.join(" · ")));
  return item;
}

/** @param {string} address */
function optionElement(address) {
  const item = document.createElement("li");
  item.role = "option";
  item.ariaSelected = "false";
  item.dataset.address = address;
  return item;
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} [className]
 */
function textElement(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

const form = document.querySelector("form[role=search]");
const [input, list, status] = ["input[name=q]", "[role=listbox]", "[role=status]"].map((part) => form?.querySelector(part));
if (form instanceof HTMLFormElement && input instanceof HTMLInputElement && list instanceof HTMLElement && status instanceof HTMLElement) {
  new SearchBox(form, input, list, status).listen();
}
