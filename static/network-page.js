// The network page: keeps picture, page and address in step. The address is the only state: whoever changes it calls
// `goTo`, which lights what can be lit at once and fetches the rest, the picture included, from the server.

/** @import { Found, Named, PaintedPlaces, State } from "./network-types.js" */
import { JsonCache } from "./json-requests.js";
import { LatestTask } from "./latest-task.js";
import { Frames } from "./network-frames.js";
import { Painting } from "./network-painting.js";
import { drawingQuery, findNode, readState } from "./network-state.js";
import { StoryPlayer } from "./network-stories.js";
import { fetchPage, updatePage } from "./page-update.js";

/** Parameters whose values are names or ids of nodes. */
const NODE_PARAMETERS = ["focus", "one", "other", "like"];
const NODE_ID = /^(participant|instrument|body|profile)\./;
const GROUPS_OF_STATES = ["group", "region", "member_of"];
const STEPPING_KEYS = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const element = byId("network");
const { source = "", defaultView = "gaps" } = element.dataset;
const painting = new Painting();
const story = new StoryPlayer((query) => goTo(query));
/** @type {JsonCache} */
const drawings = new JsonCache(); // places of pictures, and links of nodes pointed at where a picture does not hold them
/** @type {import("./network-move.js").MovableNodes | undefined} */
let movable;

let state = readState(location.search, defaultView);
let shownDate = dateOfAddress(); // the date of the page's content
let shownQuery = wantedQuery(); // what its picture shows
let shownFilters = queryWithoutDate(); // what all of it shows, whatever the date

function start() {
  document.documentElement.classList.add("scripted");
  removeCarriedFields(document);
  /** @type {HTMLDetailsElement} */ (byId("table-section")).open = false;
  listen();
  resolveFocus();
  shownFilters = queryWithoutDate();
  showPainting();
}

// -- from the address to picture and page -----------------------------------------------------------------

/**
 * The query of the drawing that a state depends on.
 * @param {string} [search]
 * @param {State} [wanted]
 */
function wantedQuery(search = location.search, wanted = state) {
  return drawingQuery(search, wanted);
}

/** @param {string} query */
function drawingAddress(query) {
  return `${source}?${query}&lang=${document.documentElement.lang}`; // its sentences are in the language of the page
}

/** Light what is focused in the picture that has come with the page, as soon as its places are known. */
function showPainting() {
  const { element: painted } = painting;
  if (!painted) return;
  const { day = "", links = "" } = painted.dataset;
  Object.assign(element.dataset, { view: state.view, focus: state.focus, day, edges: links, ready: "true" });
  showStatus("");
  painting.show(undefined);
  painting.centre();
  if (state.focus || painted === document.activeElement) void loadPlaces();
}

/** The places of the painted picture, fetched when they are first needed; the latest picture's alone are shown. */
async function loadPlaces() {
  const query = wantedQuery();
  const places = await drawings.get(drawingAddress(query)).catch(() => undefined); // pointing again tries again
  if (places && query === wantedQuery() && painting.element?.dataset.day === places.as_of && painting.places !== places) {
    painting.show(places, state.focus);
    showStatus(painting.describe({}));
  }
}

/** @param {string} text */
function showStatus(text) {
  byId("picture-status").textContent = text;
}

/**
 * The node that a word means: one of the list of names.
 * @param {string} text
 * @returns {Named | undefined}
 */
function nodeNamed(text) {
  /** @type {NodeListOf<HTMLOptionElement>} */
  const options = document.querySelectorAll("#names option");
  return findNode(text, [...options].map(({ value, dataset }) => ({ id: dataset.id ?? "", label: value, name: value })));
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
    const fetched = await fetchPage(address, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (!fetched?.ok) return showRefusal(fetched?.page);
    if (withoutFocus(address) !== withoutFocus(location.href)) return undefined;
    removeCarriedFields(fetched.page);
    updatePage(fetched.page);
    document.documentElement.classList.remove("is-moving");
    shownDate = dateOfAddress();
    shownQuery = wantedQuery();
    resolveFocus();
    shownFilters = queryWithoutDate();
    return showPainting();
  } finally {
    delete element.dataset.busy;
  }
});

/** @type {Frames | undefined} */
let frames; // of the picture that is shown
/** @type {{ date: string, following: string[] } | undefined} */
let moving; // what is wanted while the dates run or the slider is dragged

/** Show the date wanted by now in place, without the rest of the page, which follows when the slider rests. */
const showMoving = new LatestTask(async () => {
  if (!moving) return;
  const { date, following } = moving;
  const query = queryWithoutDate();
  if (query !== shownFilters) return showAddress();
  if (frames?.query !== query) frames = new Frames(element.dataset.frames ?? "", query);
  document.documentElement.classList.add("is-moving");
  if (!await frames.show(painting.element?.dataset.day ?? "", date, following).catch(() => false)) return showAddress();
  if (painting.element?.dataset.day !== date || moving?.date !== date) return;
  shownDate = dateOfAddress();
  shownQuery = wantedQuery();
  showPainting();
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

/** What the address asks for beside the date, in the language of the page. */
function queryWithoutDate() {
  const query = new URLSearchParams(location.search);
  query.delete("as_of");
  query.set("lang", document.documentElement.lang);
  return query.toString();
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
    if (shownQuery === wantedQuery()) {
      resolveFocus();
      showPainting();
    }
    movable?.close();
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
    moving = event.detail.isMoving && !movable?.isOpen ? event.detail : undefined;
    event.detail.shown = moving ? showMoving.request() : showAddress();
  });
  addEventListener("popstate", () => void showAddress());
  listenToPainting();
}

/** @param {MouseEvent} event */
function onClick(event) {
  if (!(event.target instanceof HTMLElement || event.target instanceof SVGElement)) return;
  const link = event.target.closest("a[data-navigate]");
  if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey && !link.pathname.includes("/story/")) {
    event.preventDefault();
    void goTo(new URL(link.href).searchParams);
    if (link.id === "reset") painting.zoom("fit");
  }
  const zoom = event.target.closest("[data-zoom]")?.getAttribute("data-zoom");
  if (zoom && movable?.isOpen) movable.zoom({ in: 1.3, out: 1 / 1.3 }[zoom] ?? 0);
  else if (zoom) painting.zoom(zoom);
  if (event.target.id === "move") void moveNodes(event.target.dataset.script ?? "");
  if (event.target.id === "story-play") story.toggle();
  else if (link) story.stop();
  if (event.target.id === "png") void savePoster(event.target.dataset);
}

/**
 * Move the nodes by hand, or put the painting back.
 * @param {string} script the address of vis-network
 */
async function moveNodes(script) {
  const { MovableNodes } = await import("./network-move.js");
  movable ??= new MovableNodes();
  if (movable.isOpen) return movable.close();
  const answers = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => name === "central"));
  return movable.open(byId("stage").querySelector(".picture") ?? byId("stage"), script, `${drawingAddress(wantedQuery())}&movable=1&${String(answers)}`);
}

/** @param {DOMStringMap} wanted */
async function savePoster(wanted) {
  return (await import("./network-poster.js")).savePoster(wanted);
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
    pointedId = "";
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
    painting.element?.classList.toggle("is-over-node", Boolean(target.participant ?? target.treaty ?? target.node));
    painting.tell(target, event);
    if (target.node && painting.places?.complete === false) return void lightLinksOf(target);
    painting.light(target);
  };
  stage.addEventListener("pointerleave", leave);
  addEventListener("scroll", () => painting.tell({}), { passive: true, capture: true });
  addEventListener("blur", leave);
  stage.addEventListener("click", (event) => {
    if (isOn(event)) void select(event);
  });
  stage.addEventListener("focusin", (event) => { if (isOn(event)) void loadPlaces(); });
  stage.addEventListener("keydown", (event) => {
    if (isOn(event) && !event.ctrlKey && !event.metaKey && !event.altKey) onKey(event);
  });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const id = idOfFocus();
  if (event.key === "Enter" && id) return openNode(...id);
  if (!painting.places && STEPPING_KEYS.includes(event.key)) {
    event.preventDefault();
    return void loadPlaces().then(() => step(event.key)); // a key that comes before the places is not lost
  }
  if (step(event.key)) event.preventDefault();
}

/**
 * Go where a key leads in the picture; false where it leads nowhere.
 * @param {string} key
 */
function step(key) {
  const target = painting.step(key);
  if (target) choose(target, { step: false });
  return Boolean(target);
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
 * @param {Found} target
 * @param {{ step?: boolean }} [options]
 */
function choose(target, options) {
  const id = (target.participant ?? target.treaty ?? target.node)?.id ?? "";
  if (!id.startsWith("year.")) return focus(id, options);
  painting.rest(target);
  showStatus(painting.describe(target));
}

/** @returns {[string, string] | undefined} */
function idOfFocus() {
  const [kind = "", code = ""] = state.focus.split(/\.(.*)/s);
  return code ? [kind, code] : undefined;
}

let pointedId = "";

/**
 * Light a node with links that the picture does not hold, which are fetched.
 * @param {Found} target
 */
async function lightLinksOf(target) {
  const id = target.node?.id ?? "";
  pointedId = id;
  /** @type {PaintedPlaces | undefined} */
  const found = await drawings.get(drawingAddress(wantedQuery(changedQuery({ focus: id }).toString(), { ...state, focus: id }))).catch(() => undefined); // pointing again tries again
  if (!found || pointedId !== id) return;
  element.dataset.over = id;
  painting.light(target, found.edges);
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

start();
