// The network page: keeps picture, page and address in step. The address is the only state: whoever changes it calls
// `goTo`, which draws what can be drawn at once and fetches the rest from the server.

/** @import { DrawnNode, Named, State } from "./network-types.js" */
import { fetchJson, JsonCache } from "./json-requests.js";
import { LatestTask } from "./latest-task.js";
import { keyAction } from "./network-keyboard.js";
import { NetworkPicture } from "./network-picture.js";
import { savePng } from "./network-png-export.js";
import { describeDrawing, drawingQuery, findNode, readState, touches } from "./network-state.js";
import { fetchPage, updatePage } from "./page-update.js";

/** Parameters whose values are names or ids of nodes. */
const NODE_PARAMETERS = ["focus", "one", "other", "like"];
const NODE_ID = /^(participant|instrument|body|profile)\./;
const ZOOM_STEP = 1.3;
const NO_PICTURE = "The picture of this day could not be fetched; the table below holds the same.";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const element = byId("network");
const { source = "", defaultView = "gaps" } = element.dataset;
const hasAllTies = element.dataset.allTies === "true"; // does the drawing of a ring hold all ties?
const picture = new NetworkPicture(element);
const hoverDrawings = new JsonCache(); // of nodes pointed at, where the drawing does not hold all ties

let state = readState(location.search, defaultView);
/** @type {string | undefined} */
let drawnQuery; // the query of the drawing that is loaded
let shownDate = dateOfAddress(); // the date of the page's content

async function start() {
  document.documentElement.classList.add("scripted");
  removeCarriedFields(document);
  /** @type {HTMLDetailsElement} */ (byId("table-section")).open = false;
  try {
    await drawPicture();
    listen();
  } catch (error) {
    showPictureFailure("The picture could not be made; the table below holds the same.");
    throw error;
  }
}

// -- from the address to picture and page -----------------------------------------------------------------

/**
 * Bring the picture to the state: at once where its drawing is loaded, else as soon as it has been fetched.
 * @param {AbortSignal} [signal]
 */
async function drawPicture(signal) {
  let [isSameLayout, isOtherDate] = [true, false];
  for (let query = wantedQuery(); query !== drawnQuery; query = wantedQuery()) {
    const data = await fetchJson(`${source}?${query}`, signal);
    isOtherDate ||= data.as_of !== picture.drawing?.as_of;
    isSameLayout = picture.load(data) && isSameLayout;
    drawnQuery = data.complete ? wantedQuery() : query; // a complete drawing serves whatever is focused
  }
  resolveFocus();
  showPicture({ fade: isSameLayout && isOtherDate });
}

/**
 * The query of the drawing that a state depends on.
 * @param {string} [search]
 * @param {State} [wanted]
 */
function wantedQuery(search = location.search, wanted = state) {
  const { drawing } = picture;
  const allChanges = wanted.view === "changes" && drawing?.view === "changes" && drawing.complete;
  return drawingQuery(search, wanted, { allTies: hasAllTies, allChanges });
}

/** @param {{ fade?: boolean }} [options] */
function showPicture(options) {
  const { drawing } = picture;
  if (!drawing) return;
  const edges = picture.show(state, JSON.parse(byId("answers").dataset.highlights ?? ""), options);
  document.documentElement.classList.remove("without-picture");
  Object.assign(element.dataset, { view: state.view, focus: state.focus, day: drawing.as_of, ready: "true" });
  showStatus(describeDrawing(state, edges, drawing));
}

/** @param {string} text */
function showStatus(text) {
  byId("picture-status").textContent = text;
}

/**
 * Hide the picture, which would be that of another address, and show the server's static one.
 * @param {string} text
 */
function showPictureFailure(text) {
  document.documentElement.classList.add("without-picture");
  showStatus(text);
}

/**
 * The node that a word means: one that the picture shows, or else one of the list of names.
 * @param {string} text
 * @returns {Named | undefined}
 */
function nodeNamed(text) {
  /** @type {NodeListOf<HTMLOptionElement>} */
  const options = document.querySelectorAll("#names option");
  return (
    findNode(text, picture.drawing?.nodes.values() ?? []) ??
    findNode(text, [...options].map(({ value, dataset }) => ({ id: dataset.id ?? "", label: value, name: value })))
  );
}

/** A focus that came with the address may be a name: put the id of what it means in the address. */
function resolveFocus() {
  if (!state.focus || NODE_ID.test(state.focus)) return;
  const query = new URLSearchParams(location.search);
  query.set("focus", nodeNamed(state.focus)?.id ?? (byId("panel").dataset.focus || state.focus));
  history.replaceState(null, "", `${location.pathname}?${query.toString()}`);
  state = readState(location.search, defaultView);
}

/** Fetches everything that depends on the address; whatever changes meanwhile is fetched after it. */
const update = new LatestTask(async (signal) => {
  const address = location.href;
  element.dataset.busy = "true";
  try {
    const [fetched, drawn] = await Promise.allSettled([fetchPage(address, signal), drawPicture(signal)]);
    signal.throwIfAborted();
    if (fetched.status === "rejected" || !fetched.value.ok) return showRefusal(fetched.status === "fulfilled" ? fetched.value.page : undefined);
    if (withoutFocus(address) !== withoutFocus(location.href)) return undefined;
    removeCarriedFields(fetched.value.page);
    updatePage(fetched.value.page);
    shownDate = dateOfAddress();
    resolveFocus();
    return drawn.status === "fulfilled" ? showPicture() : showPictureFailure(NO_PICTURE);
  } finally {
    delete element.dataset.busy;
  }
});

/** @param {string} address */
function withoutFocus(address) {
  return address.split("focus=")[0];
}

/**
 * The server refused the address or could not be reached. Where that was another date, the browser goes there, so that
 * nothing is shown under a date it does not belong to; else the page stays and says why.
 * @param {Document | undefined} page the refusal
 */
function showRefusal(page) {
  if (dateOfAddress() !== shownDate) location.assign(location.href);
  else showStatus(page?.querySelector("main p")?.textContent ?? "The server cannot be reached.");
}

/**
 * The script keeps the address itself: remove the fields by which forms carry it along for readers without a script.
 * @param {Document} page
 */
function removeCarriedFields(page) {
  for (const field of page.querySelectorAll("form[data-navigate] input[type=hidden]")) field.remove();
}

function dateOfAddress() {
  return new URLSearchParams(location.search).get("as_of");
}

// -- from the reader to the address -----------------------------------------------------------------------

/**
 * Go to an address of this page: a step that the back button undoes, or a mere adjustment.
 * @param {URLSearchParams} query
 * @param {{ step?: boolean }} [options]
 */
function goTo(query, { step = true } = {}) {
  const address = `${location.pathname}${String(query) && `?${String(query)}`}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  if (query.get("as_of") !== shownDate) dispatchEvent(new PopStateEvent("popstate")); // the date slider follows
  return showAddress();
}

/** @type {Promise<void> | undefined} */
let pending;

/** Show what the address says by now; asked for several times at once, it is done once. */
function showAddress() {
  pending ??= Promise.resolve().then(() => {
    pending = undefined;
    state = readState(location.search, defaultView);
    if (picture.drawing && wantedQuery() === drawnQuery) {
      resolveFocus();
      showPicture();
    }
    return update.request();
  });
  return pending;
}

/**
 * The present query with some of its parameters changed; an empty value removes one.
 * @param {Record<string, string | string[]>} changes
 */
function changedQuery(changes) {
  const query = new URLSearchParams(location.search);
  query.delete("page");
  for (const [name, values] of Object.entries(changes)) {
    query.delete(name);
    for (const value of [values].flat()) if (value) query.append(name, value);
  }
  return query;
}

/**
 * @param {string} id
 * @param {{ step?: boolean }} [options]
 */
function focus(id, options) {
  void goTo(changedQuery({ focus: id }), options);
}

/**
 * Go where a form leads. A name that nothing has leads nowhere.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 * @param {{ step?: boolean }} [options]
 */
async function submitForm(form, submitter, options) {
  const query = queryOfForm(form, submitter);
  for (const name of NODE_PARAMETERS) {
    const text = query.get(name);
    if (!text) continue;
    const id = nodeNamed(text)?.id;
    if (!id && !text.startsWith("profile.")) return showStatus(`Nothing is called “${text}” on that day`);
    if (id && form.elements.namedItem(name)) query.set(name, id);
  }
  return goTo(query, options);
}

/**
 * What a form asks for, on top of what the address says already.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
function queryOfForm(form, submitter) {
  const data = new FormData(form, submitter);
  const names = [...form.elements].map((field) => field.getAttribute("name")).filter((name) => name !== null);
  return changedQuery(Object.fromEntries(names.map((name) => [name, data.getAll(name).map(String)])));
}

// -- listening --------------------------------------------------------------------------------------------

function listen() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches(".as-of")) {
      event.preventDefault();
      const date = form.querySelector("[name=as_of]");
      if (date instanceof HTMLInputElement) void goTo(changedQuery({ as_of: date.value }));
    } else if (form.matches("[data-navigate]")) {
      event.preventDefault();
      void submitForm(form, event.submitter).then(() => form.matches("[data-question]") && byId("answers").scrollIntoView({ block: "nearest" }));
    }
  });
  document.addEventListener("change", ({ target }) => {
    const form = target instanceof Element && target.closest("#network-form");
    if (form instanceof HTMLFormElement && form.checkValidity()) void submitForm(form, null, { step: !(/** @type {Element} */ (target).matches(".day")) });
  });
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.focus) focus(""); });
  document.addEventListener("datewanted", (event) => {
    event.preventDefault();
    void showAddress();
  });
  addEventListener("popstate", () => void showAddress());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    picture.painter.refreshColors();
    showPicture();
  });
  listenToPicture();
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest("a[data-navigate]");
  if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    void goTo(new URL(link.href).searchParams);
    if (link.id === "reset") picture.fit();
  }
  const zoom = event.target.closest("[data-zoom]")?.getAttribute("data-zoom");
  if (zoom === "in") picture.zoom(ZOOM_STEP);
  if (zoom === "out") picture.zoom(1 / ZOOM_STEP);
  if (zoom === "fit") picture.fit();
  const { canvas, drawing } = picture;
  if (event.target.id === "png" && canvas && drawing) void savePng(canvas, picture.painter, `network-${state.view}-${drawing.as_of}`);
}

function listenToPicture() {
  picture.listen({
    click: (id, point) => focus((state.view === "profiles" ? undefined : id) ?? picture.nodeAt(point)?.id ?? ""),
    enter: (id) => {
      element.classList.add("is-over-node");
      void showHoverEdges(id);
    },
    leave: () => {
      element.classList.remove("is-over-node");
      hoveredId = "";
      picture.showHoverEdges([]);
    },
  });
  picture.frame.addEventListener("keydown", (event) => {
    const { drawing } = picture;
    if (!drawing || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keyAction(event.key, {
      drawing, state, focus: (id) => focus(id, { step: false }), zoom: (factor) => picture.zoom(factor), fit: () => picture.fit(), open: openPage,
    });
    if (!action) return;
    event.preventDefault();
    action();
  });
}

let hoveredId = "";

/**
 * Draw the edges of the node under the pointer; where the drawing does not hold them, they are fetched.
 * @param {string} id
 */
async function showHoverEdges(id) {
  hoveredId = id;
  if (picture.drawing?.complete) {
    picture.showHoverEdges([...picture.edges.values()].filter((edge) => touches(edge, id)));
    return;
  }
  const query = wantedQuery(changedQuery({ focus: id }).toString(), { ...state, focus: id });
  const drawing = await hoverDrawings.get(`${source}?${query}`).catch(() => undefined); // pointing again tries again
  if (!drawing || hoveredId !== id) return;
  picture.showHoverEdges(drawing.edges);
  element.dataset.over = id;
}

/**
 * Open the page of a node, as of the date shown here.
 * @param {DrawnNode} node
 */
function openPage(node) {
  const pattern = element.dataset[node.group];
  if (!pattern) return;
  const address = new URL(pattern.replace("CODE", encodeURIComponent(node.code)), location.origin);
  address.searchParams.delete("as_of");
  if (shownDate) address.searchParams.set("as_of", shownDate);
  location.assign(address);
}

await start();
