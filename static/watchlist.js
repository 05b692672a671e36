// "My treaties": the stars of treaties and States, and the page that shows what is watched.
//
// The list is kept in this browser (localStorage) and is not sent anywhere until the page /watchlist is opened; that page
// then asks the server for the status of exactly what is watched. Buttons with `data-watch` ("instrument untoc",
// "participant FRA") are the stars. Where the browser keeps nothing, they stay hidden.

import { fetchPage, updatePage } from "./page-update.js";

const KEY = "watched";
const KINDS = ["instrument", "participant"];

/**
 * What is watched, as "kind id", in the order in which it was added; null where the browser keeps nothing.
 * @returns {string[] | null}
 */
function readList() {
  try {
    const kept = /** @type {unknown} */ (JSON.parse(localStorage.getItem(KEY) ?? "[]"));
    return Array.isArray(kept) ? kept.map(String).filter(isWatch) : [];
  } catch (error) {
    return error instanceof SyntaxError ? [] : null;
  }
}

/** @param {string} text */
function isWatch(text) {
  const [kind, id, more] = text.split(" ");
  return KINDS.includes(kind ?? "") && Boolean(id) && more === undefined;
}

/** @param {string[]} list */
function keepList(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...new Set(list)]));
  } catch {
    // full or forbidden: the stars show what is kept, so that nobody takes it for done
  }
  showStars();
}

/** Mark the stars of what is watched. */
function showStars() {
  const list = readList();
  if (!list) return;
  for (const star of document.querySelectorAll("button[data-watch]")) {
    star.setAttribute("aria-pressed", String(list.includes(star.getAttribute("data-watch") ?? "")));
  }
}

/** @param {string} watch */
function toggle(watch) {
  const list = readList() ?? [];
  keepList(list.includes(watch) ? list.filter((each) => each !== watch) : [...list, watch]);
}

/** The treaties and States that an address names, as the list keeps them. */
function namedInAddress() {
  const given = new URLSearchParams(location.search);
  return KINDS.flatMap((kind) => given.getAll(kind).map((id) => `${kind} ${id}`)).filter(isWatch);
}

/**
 * Show the status of what this browser keeps.
 * @param {HTMLElement} place the part of the page that says which address does
 */
async function showWatched(place) {
  const list = readList();
  if (!list?.length) return;
  const most = Number(place.dataset.most);
  const url = new URL(location.href);
  for (const each of list.slice(0, most)) {
    const [kind = "", id = ""] = each.split(" ");
    url.searchParams.append(kind, id);
  }
  const { ok, page } = await fetchPage(url);
  if (ok) updatePage(page);
  showStars();
}

document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element)) return;
  const star = target.closest("button[data-watch]");
  if (star) toggle(star.getAttribute("data-watch") ?? "");
  if (target.closest("#keep-list")) {
    keepList([...(readList() ?? []), ...namedInAddress()]);
    showOffer();
  }
});
addEventListener("storage", showStars); // changed in another tab

/** A list from a link can be kept, as long as something on it is not kept yet. */
function showOffer() {
  const offer = document.getElementById("keep-list");
  const list = readList();
  if (offer) offer.hidden = !list || namedInAddress().every((each) => list.includes(each));
}

showStars();
showOffer();
const place = document.getElementById("watched");
if (place && !namedInAddress().length) void showWatched(place);
