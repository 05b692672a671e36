// Fetches the page at another address and updates the current page to it, in place.
//
// Elements that did not change stay as they are, with their focus and scroll position. Elements with `data-keep`
// belong to a script and are left alone. Parts that the reader has unfolded or folded stay so,
// and so does what is being typed.

import { Idiomorph } from "./vendor/idiomorph/idiomorph.js";

/**
 * The page at an address as a document, and whether the server gave it (`ok`) or refused it.
 * @param {string | URL} url
 * @param {AbortSignal} [signal]
 */
export async function fetchPage(url, signal) {
  const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { ok: response.ok, page };
}

/**
 * Update the current page to another document of the same kind.
 * @param {Document} page
 */
export function updatePage(page) {
  const focused = document.activeElement;
  const before = focused && describe(focused);
  const section = focused?.parentElement?.closest("[id]")?.id;
  withoutMoveBefore(() => {
    void Idiomorph.morph(document.body, page.body, {
      ignoreActiveValue: true, // the reader may be typing
      callbacks: { beforeNodeMorphed: shouldUpdate, beforeAttributeUpdated: shouldUpdateAttribute },
    });
  });
  document.title = page.title;
  if (before && section && !isSame(document.activeElement, before)) moveFocus(section, before);
}

/**
 * Update what is in an element to other markup, in place.
 * @param {Element} element
 * @param {string} markup
 */
export function updateElement(element, markup) {
  withoutMoveBefore(() => {
    void Idiomorph.morph(element, markup, {
      morphStyle: "innerHTML", callbacks: { beforeNodeMorphed: shouldUpdate, beforeAttributeUpdated: shouldUpdateAttribute },
    });
  });
}

/**
 * Run something while elements have no `moveBefore`, which Idiomorph would use: Chromium 156 crashes when that moves a
 * search field with a list of suggestions. Idiomorph then uses `insertBefore` and restores the focus itself.
 * @param {() => void} run
 */
function withoutMoveBefore(run) {
  /** @type {{ moveBefore?: unknown }} */
  const prototype = Element.prototype;
  const { moveBefore } = prototype;
  if (moveBefore) prototype.moveBefore = undefined;
  try {
    run();
  } finally {
    if (moveBefore) prototype.moveBefore = moveBefore;
  }
}

/**
 * @param {Node} old
 * @param {Node} fresh
 */
function shouldUpdate(old, fresh) {
  if (!(old instanceof Element) || !(fresh instanceof Element)) return true;
  if (old.hasAttribute("data-keep") || old.isEqualNode(fresh)) return false;
  if (old instanceof HTMLDetailsElement && foldName(old) !== foldName(fresh)) old.open = fresh.hasAttribute("open");
  return true;
}

/**
 * Whether a part is unfolded is for the reader to decide.
 * @param {string} name
 * @param {Element} element
 */
function shouldUpdateAttribute(name, element) {
  return !(name === "open" && element instanceof HTMLDetailsElement);
}

/**
 * The heading of a folding part, without the numbers that change from date to date.
 * @param {Element} details
 */
function foldName(details) {
  return details.querySelector("summary")?.textContent?.replace(/\d+/g, "#") ?? "";
}

// -- focus ------------------------------------------------------------------------------------------------

/** @param {Element} element */
function describe(element) {
  return { id: element.id, name: element.getAttribute("name") ?? "", text: element.textContent?.trim() ?? "" };
}

/**
 * Is this the element that was described, by its id, its name or its text?
 * @param {Element | null} element
 * @param {ReturnType<typeof describe>} wanted
 */
function isSame(element, wanted) {
  if (!element) return false;
  const { id, name, text } = describe(element);
  return id || wanted.id ? id === wanted.id : name || wanted.name ? name === wanted.name : text === wanted.text;
}

/**
 * Move the focus to the element that matches the one that had it, else to the heading of its section.
 * @param {string} sectionId
 * @param {ReturnType<typeof describe>} wanted
 */
function moveFocus(sectionId, wanted) {
  const section = document.getElementById(sectionId);
  if (!section) return;
  /** @type {NodeListOf<HTMLElement>} */
  const controls = section.querySelectorAll("a, button, input, select, summary");
  const same = [...controls].find((each) => isSame(each, wanted));
  /** @type {HTMLElement} */
  const target = same ?? section.querySelector("h2, caption") ?? section;
  if (!same) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
