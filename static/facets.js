// Filters that show their result as they are changed: the page at the address of the choice is fetched and put in place,
// with the same scroll position and focus. Without this script the form is sent by its button.

import { LatestTask, isAbort } from "./latest-task.js";
import { fetchPage, updatePage } from "./page-update.js";

const GROUPS = ["group", "region", "member_of"];
let wanted = location.href;

const update = new LatestTask(async (signal) => {
  const address = wanted;
  try {
    const { ok, page } = await fetchPage(address, signal);
    if (!ok || !page.querySelector("form[data-facets]")) throw new TypeError("not a page of this kind");
    if (address === wanted) updatePage(page);
  } catch (error) {
    if (isAbort(error)) throw error;
    location.assign(address);
  }
});

/**
 * Show the page at an address, in place.
 * @param {string} address
 */
function show(address) {
  wanted = address;
  history.replaceState(null, "", address);
  return update.request();
}

/**
 * The address of a form's choice, without empty fields, and with `match` only where it makes a difference.
 * @param {HTMLFormElement} form
 */
function addressOf(form) {
  const url = new URL(form.action);
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) query.append(name, value);
  if (GROUPS.filter((name) => query.has(name)).length < 2) query.delete("match");
  url.search = query.toString();
  return url.href;
}

/** @param {Event} event */
function onChange(event) {
  const form = event.target instanceof Element ? event.target.closest("form[data-facets]") : null;
  if (!(form instanceof HTMLFormElement)) return;
  if (event.type === "submit") event.preventDefault();
  if (form.reportValidity()) void show(addressOf(form));
}

document.addEventListener("change", onChange);
document.addEventListener("submit", onChange);
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-facet-link]") : null;
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  void show(link.href);
});

/**
 * Close the panels that the pointer or the focus has left. A press on a label moves the focus to what is around its
 * panel (`main`) before it reaches the box.
 * @param {Event} event
 */
function closeOthers({ target, type }) {
  for (const facet of document.querySelectorAll("details.facet[open]")) {
    const near = target instanceof Node && (facet.contains(target) || (type === "focusin" && target.contains(facet)));
    if (facet instanceof HTMLDetailsElement && !near) facet.open = false;
  }
}

addEventListener("click", closeOthers);
addEventListener("focusin", closeOthers);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const facet of document.querySelectorAll("details.facet[open]")) {
    if (facet instanceof HTMLDetailsElement) facet.open = false;
    facet.querySelector("summary")?.focus();
  }
});
