// The network page: keeps picture, page and address in step. The address is the only state: whoever changes it calls
// `goTo`, which draws what can be drawn at once and fetches the rest from the server.

/** @import { Named, State } from "./network-types.js" */
import { fetchJson, JsonCache } from "./json-requests.js";
import { LatestTask } from "./latest-task.js";
import { keyAction } from "./network-keyboard.js";
import { Painting } from "./network-painting.js";
import { NetworkPicture } from "./network-picture.js";
import { savePoster } from "./network-poster.js";
import { describeDrawing, drawingQuery, findNode, readState, touches } from "./network-state.js";
import { StoryPlayer } from "./network-stories.js";
import { fetchPage, updatePage } from "./page-update.js";

/** Parameters whose values are names or ids of nodes. */
const NODE_PARAMETERS = ["focus", "one", "other", "like"];
const NODE_ID = /^(participant|instrument|body|profile)\./;
const GROUPS_OF_STATES = ["group", "region", "member_of"];
const ZOOM_STEP = 1.3;
const NO_PICTURE = "The picture of this date could not be fetched. The table below has the same data.";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const element = byId("network");
const { source = "", defaultView = "gaps", painted = "" } = element.dataset;
const paintedViews = painted.split(" "); // those whose picture comes with the page
const hasAllTies = element.dataset.allTies === "true"; // does the drawing of a ring hold all ties?
const picture = new NetworkPicture(element);
const painting = new Painting();
const story = new StoryPlayer((query) => goTo(query));
const drawings = new JsonCache(); // of painted pictures, and of nodes pointed at where the drawing does not hold all links

let state = readState(location.search, defaultView);
/** @type {string | undefined} */
let drawnQuery; // the query of the drawing that is loaded
let shownDate = dateOfAddress(); // the date of the page's content
let shownQuery = wantedQuery(); // what its painted picture shows

async function start() {
  document.documentElement.classList.add("scripted");
  removeCarriedFields(document);
  /** @type {HTMLDetailsElement} */ (byId("table-section")).open = false;
  try {
    await drawPicture();
    listen();
  } catch (error) {
    showPictureFailure("The picture could not be made. The table below has the same data.");
    throw error;
  }
}

// -- from the address to picture and page -----------------------------------------------------------------

/**
 * Bring the picture to the state: at once where its drawing is loaded, else as soon as it has been fetched.
 * @param {AbortSignal} [signal]
 */
async function drawPicture(signal) {
  if (isPainted()) {
    showPicture();
    return;
  }
  let [isSameLayout, isOtherDate] = [true, false];
  for (let query = wantedQuery(); query !== drawnQuery; query = wantedQuery()) {
    const data = await fetchJson(drawingAddress(query), signal);
    isOtherDate ||= data.as_of !== picture.drawing?.as_of;
    const isFirst = !picture.drawing;
    isSameLayout = picture.load(data) && isSameLayout;
    if (isFirst) attachPicture();
    drawnQuery = data.complete ? wantedQuery() : query; // a complete drawing serves whatever is focused
  }
  resolveFocus();
  showPicture({ fade: isSameLayout && isOtherDate });
}

function isPainted() {
  return paintedViews.includes(state.view);
}

/**
 * The query of the drawing that a state depends on.
 * @param {string} [search]
 * @param {State} [wanted]
 */
function wantedQuery(search = location.search, wanted = state) {
  return drawingQuery(search, wanted, hasAllTies);
}

/** @param {string} query */
function drawingAddress(query) {
  return `${source}?${query}&lang=${document.documentElement.lang}`; // its sentences are in the language of the page
}

/** @param {{ fade?: boolean }} [options] */
function showPicture(options) {
  if (isPainted()) {
    showPainting();
    return;
  }
  const { drawing } = picture;
  if (!drawing) return;
  const edges = picture.show(state, JSON.parse(byId("answers").dataset.highlights ?? ""), options);
  document.documentElement.classList.remove("without-picture");
  Object.assign(element.dataset, { view: state.view, focus: state.focus, day: drawing.as_of, ready: "true" });
  showStatus(describeDrawing(state, edges, drawing));
}

/** Light what is focused in the picture that has come with the page, as soon as its places are known. */
function showPainting() {
  const { element: painted } = painting;
  if (!painted) return; // it comes with the page that is being fetched
  const { day = "", links = "" } = painted.dataset;
  Object.assign(element.dataset, { view: state.view, focus: state.focus, day, edges: links, ready: "true" });
  showStatus("");
  painting.show(undefined);
  if (state.focus || painted === document.activeElement) void loadPlaces();
}

/** The places of the painted picture, fetched when they are first needed; the latest picture's alone are shown. */
async function loadPlaces() {
  const query = wantedQuery();
  const places = await drawings.get(drawingAddress(query)).catch(() => undefined); // pointing again tries again
  if (places && isPainted() && query === wantedQuery() && painting.element?.dataset.day === places.as_of && painting.places !== places) {
    painting.show(places, state.focus);
    showStatus(painting.describe({}));
  }
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
    shownQuery = wantedQuery();
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
    if (isPainted() ? shownQuery === wantedQuery() : picture.drawing && wantedQuery() === drawnQuery) {
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
    if (!id && !text.startsWith("profile.")) return showStatus(`No State, treaty or body is called “${text}” on this date`);
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
  const query = changedQuery(Object.fromEntries(names.map((name) => [name, data.getAll(name).map(String)])));
  if (GROUPS_OF_STATES.filter((name) => query.has(name)).length < 2) query.delete("match");
  return query;
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
    event.detail.shown = showAddress();
  });
  addEventListener("popstate", () => void showAddress());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    picture.painter.refreshColors();
    showPicture();
  });
  listenToPainting();
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest("a[data-navigate]");
  if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey && !link.pathname.includes("/story/")) {
    event.preventDefault();
    void goTo(new URL(link.href).searchParams);
    if (link.id === "reset") picture.fit();
  }
  const zoom = event.target.closest("[data-zoom]")?.getAttribute("data-zoom");
  if (zoom === "in") picture.zoom(ZOOM_STEP);
  if (zoom === "out") picture.zoom(1 / ZOOM_STEP);
  if (zoom === "fit") picture.fit();
  if (event.target.id === "story-play") story.toggle();
  else if (link) story.stop();
  if (event.target instanceof HTMLElement && event.target.id === "png") void savePoster(event.target.dataset);
}

/** Painted pictures come and go with the page: what surrounds them listens. */
function listenToPainting() {
  const stage = byId("stage");
  /** @param {Event} event */
  const isOn = (event) => event.target instanceof Element && event.target.closest("#painting") !== null;
  /** @type {PointerEvent | undefined} */
  let latest; // where the pointer is, while the places are fetched
  const leave = () => {
    latest = undefined;
    painting.tell({});
    painting.light({});
  };
  stage.addEventListener("pointermove", (event) => {
    if (!isOn(event)) return leave();
    latest = event;
    if (!painting.places) return void loadPlaces().then(() => { if (latest && painting.places) pointAt(latest); });
    return pointAt(event);
  });
  /** @param {PointerEvent} event */
  const pointAt = (event) => {
    const target = painting.find(event);
    painting.element?.classList.toggle("is-over-node", Boolean(target.participant ?? target.treaty));
    painting.light(target);
    painting.tell(target, event);
  };
  stage.addEventListener("pointerleave", leave);
  addEventListener("scroll", () => painting.tell({}), { passive: true, capture: true });
  addEventListener("blur", leave);
  stage.addEventListener("click", (event) => {
    if (isOn(event)) void select(event);
  });
  stage.addEventListener("focusin", (event) => { if (isOn(event)) void loadPlaces(); });
  stage.addEventListener("keydown", (event) => {
    if (!isOn(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const id = idOfFocus();
    if (event.key === "Enter" && id) return openNode(...id);
    const target = painting.step(event.key);
    if (!target) return;
    event.preventDefault();
    choose(target, { step: false });
  });
}

/**
 * Focus what has been clicked or tapped, as soon as the places are known.
 * @param {{ clientX: number, clientY: number }} event
 */
async function select({ clientX, clientY }) {
  await loadPlaces();
  choose(painting.find({ clientX, clientY }));
}

/**
 * Focus a participant or treaty; a year is only lit.
 * @param {import("./network-types.js").Found} target
 * @param {{ step?: boolean }} [options]
 */
function choose(target, options) {
  const id = (target.participant ?? target.treaty)?.id ?? "";
  if (!id.startsWith("year.")) return focus(id, options);
  painting.rest(target);
  showStatus(painting.describe(target));
}

/** @returns {[string, string] | undefined} */
function idOfFocus() {
  const [kind = "", code = ""] = state.focus.split(/\.(.*)/s);
  return code ? [kind, code] : undefined;
}

/** What a picture drawn in the browser is asked, once it has been made. */
function attachPicture() {
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
      drawing, state, focus: (id) => focus(id, { step: false }), zoom: (factor) => picture.zoom(factor), fit: () => picture.fit(),
      open: (node) => openNode(node.group, node.code),
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
  const drawing = await drawings.get(drawingAddress(query)).catch(() => undefined); // pointing again tries again
  if (!drawing || hoveredId !== id) return;
  picture.showHoverEdges(drawing.edges);
  element.dataset.over = id;
}

/**
 * Open the page of a node, as of the date shown here.
 * @param {string} kind
 * @param {string} code
 */
function openNode(kind, code) {
  const pattern = element.dataset[kind];
  if (!pattern) return;
  const address = new URL(pattern.replace("CODE", encodeURIComponent(code)), location.origin);
  address.searchParams.delete("as_of");
  if (shownDate) address.searchParams.set("as_of", shownDate);
  location.assign(address);
}

await start();
