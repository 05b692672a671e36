// The network page: keeps picture, page and address in step. The address is the one state; whoever changes it calls
// `go`, which draws what can be drawn at once and brings the rest from the server.

import { meaning } from "./network-keyboard.js";
import { json, Latest, page, renew, strip } from "./page-update.js";
import { Picture } from "./network-picture.js";
import { savePng } from "./network-png-export.js";
import { drawnBy, meant, read, touches } from "./network-state.js";

const byId = (id) => document.getElementById(id);
const element = byId("network");
const { source, usual } = element.dataset;
const picture = new Picture(element);
const fetched = new Map(); // ties under the pointer of a collection too large to be held whole, by query

let state = read(location.search, usual);
const whole = element.dataset.whole === "true"; // does a ring's drawing hold all ties?
let drawnOf; // the query of the drawing that is shown
let day = new URLSearchParams(location.search).get("as_of");

start().catch((trouble) => {
  byId("state").textContent = "The picture could not be made; the table below holds the same.";
  document.documentElement.classList.add("without-picture");
  throw trouble;
});

async function start() {
  document.documentElement.classList.add("scripted");
  strip(document);
  byId("twin").open = false;
  await draw();
  listen();
}

// -- from the address to picture and page -----------------------------------------------------------------

/** Bring the picture to the state: at once where its drawing is here, else as soon as it has come. */
async function draw(signal) {
  let [same, later] = [true, false];
  for (let query = wanted(); query !== drawnOf; query = wanted()) {
    const found = await json(`${source}?${query}`, signal);
    later ||= found.as_of !== picture.drawing?.as_of;
    same = picture.load(found) && same;
    drawnOf = query;
    if (found.complete) drawnOf = wanted(); // then it holds whatever is focused
  }
  settleFocus();
  paint(same && later);
}

/** The query that the picture of the state hangs on. */
function wanted(search = location.search, as = state) {
  const { drawing } = picture;
  return drawnBy(search, as, { whole, held: as.view === "changes" && drawing?.view === "changes" && drawing.complete });
}

function paint(fade = false) {
  const drawn = picture.show(state, answers(), { fade });
  Object.assign(element.dataset, { view: state.view, focus: state.focus, day: picture.drawing.as_of, ready: "true" });
  byId("state").textContent = counted(drawn);
}

function answers() {
  return JSON.parse(byId("answers").dataset.marked);
}

/** The node of the day that a word means: what the picture shows, or else what the list of names knows. */
function named(text) {
  const options = [...document.querySelectorAll("#names option")];
  return meant(text, picture.drawing.nodes.values()) ?? meant(text, options.map(({ value, dataset }) => ({ id: dataset.id, label: value, name: value })));
}

/** A focus that came in an address may be a name: the address gets the id of what it means. */
function settleFocus() {
  const id = state.focus && (byId("panel").dataset.focus || state.focus);
  if (!state.focus || /^(participant|instrument|body|profile)\./.test(state.focus)) return;
  const query = new URLSearchParams(location.search);
  query.set("focus", named(state.focus)?.id ?? id);
  history.replaceState(null, "", `${location.pathname}?${query}`);
  state = read(location.search, usual);
}

function counted(drawn) {
  const ties = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
  const { total, complete, profiles, shown } = picture.drawing;
  if (state.view === "profiles") return shown < profiles ? `${shown} of ${profiles} profiles drawn` : `${ties(profiles, "profile")} drawn`;
  const what = state.view === "changes" ? "change" : "tie";
  if (!complete && total > drawn.length) return `${drawn.length.toLocaleString("en")} of ${ties(total, what)} drawn: choose a mark`;
  if (state.view === "changes") return `${ties(drawn.length, what)} drawn${total > drawn.length ? `; ${total - drawn.length} judgements by bodies are in the table` : ""}`;
  const missing = drawn.filter((edge) => edge.view === "gaps").length;
  if (state.view !== "gaps") return `${ties(drawn.length, "tie")} drawn`;
  const there = drawn.length - missing;
  return `${ties(missing, "missing tie")}${there ? ` and ${ties(there, "tie")} of a body` : ""} drawn`;
}

/** Everything that hangs on the address, from the server; whatever changes meanwhile is brought after it. */
const bring = new Latest(async (signal) => {
  const asked = location.href;
  element.dataset.busy = "true";
  try {
    const [{ given, found }] = await Promise.all([page(asked, signal), draw(signal)]);
    if (!given) return refused(found);
    if (asked.split("focus=")[0] !== location.href.split("focus=")[0]) return;
    renew(found);
    settleFocus();
    paint();
    tellDay();
  } finally {
    delete element.dataset.busy;
  }
});

function refused(found) {
  byId("state").textContent = found.querySelector("main p")?.textContent ?? "The server refused that.";
}

function tellDay() {
  const now = new URLSearchParams(location.search).get("as_of");
  if (now !== day) document.dispatchEvent(new CustomEvent("daychange", { detail: { day: now } }));
  day = now;
}

// -- from the reader to the address -----------------------------------------------------------------------

/** Go to an address of this page: a step that back undoes, or a mere adjustment. */
function go(query, { step = true } = {}) {
  const address = `${location.pathname}${query.toString() ? `?${query}` : ""}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  if ((query.get("as_of") ?? null) !== day) dispatchEvent(new PopStateEvent("popstate")); // the slider follows
  return arrive();
}

let coming;
/** Show what the address says by now; asked for several times at once, it is done once. */
function arrive() {
  coming ??= Promise.resolve().then(() => { coming = undefined; return show(); });
  return coming;
}

function show() {
  state = read(location.search, usual);
  if (picture.drawing && wanted() === drawnOf) {
    settleFocus();
    paint();
  }
  return bring.ask();
}

function changed(changes) {
  const query = new URLSearchParams(location.search);
  query.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const each of [value].flat()) if (each) query.append(name, each);
  }
  return query;
}

function focus(id, options) {
  return go(changed({ focus: id }), options);
}

/** What a form of the page asks for, on top of what the address says already. */
function asked(form, submitter) {
  const given = new FormData(form, submitter);
  const names = new Set([...form.elements].map((field) => field.name).filter(Boolean));
  return changed(Object.fromEntries([...names].map((name) => [name, given.getAll(name)])));
}

/** Go where a form leads; a name that nobody has leads nowhere. */
function send(form, submitter, options) {
  const query = asked(form, submitter);
  for (const name of ["focus", "one", "other", "like"]) {
    const text = query.get(name);
    const id = text && named(text)?.id;
    if (text && !id && !text.startsWith("profile.")) return unknown(text);
    if (id && form.elements[name]) query.set(name, id);
  }
  return go(query, options);
}

async function unknown(text) {
  byId("state").textContent = `Nothing is called “${text}” on that day`;
}

function listen() {
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".as-of")) return keepDay(event);
    if (!event.target.matches("form[data-go]")) return undefined;
    event.preventDefault();
    return send(event.target, event.submitter).then(() => event.target.matches("[data-ask]") && byId("answers").scrollIntoView({ block: "nearest" }));
  });
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("#network-form");
    if (form?.checkValidity()) send(form, null, { step: !target.matches(".day") });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(new URL(link.href).searchParams);
      if (link.id === "reset") picture.fit();
    }
    if (event.target.id === "png") savePng(picture.canvas, picture.painter, `network-${state.view}-${picture.drawing.as_of}`);
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && state.focus && focus(""));
  document.addEventListener("daywanted", (event) => {
    event.preventDefault();
    arrive();
  });
  addEventListener("popstate", arrive);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { picture.painter.refresh(); paint(); });
  listenToPicture();
}

function listenToPicture() {
  const { network, frame } = picture;
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => ({ in: () => picture.zoom(1.3), out: () => picture.zoom(1 / 1.3), fit: () => picture.fit() })[button.dataset.zoom]());
  }
  network.on("click", ({ nodes, pointer }) => focus((state.view === "profiles" ? undefined : nodes[0]) ?? picture.at(pointer.canvas)?.id ?? ""));
  network.on("hoverNode", ({ node }) => { element.classList.add("over"); over(node); });
  network.on("blurNode", () => { element.classList.remove("over"); hovered = ""; picture.hover([]); });
  network.on("zoom", () => { picture.settled = false; });
  network.on("dragStart", () => { picture.settled = false; });
  frame.addEventListener("keydown", (event) => {
    const { drawing } = picture;
    const call = meaning(event.key, {
      drawing, state, focus: (id) => focus(id, { step: false }), zoom: (by) => picture.zoom(by), fit: () => picture.fit(),
      open: (node) => element.dataset[node.group] && location.assign(pageOf(node)),
    });
    if (!call || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    call();
  });
}

let hovered = "";
/** The ties of the node under the pointer; where the drawing does not hold them, the server has them. */
async function over(id) {
  hovered = id;
  if (picture.drawing.complete) {
    picture.hover([...picture.shown.values()].filter((edge) => touches(edge, id)));
    return;
  }
  const query = wanted(changed({ focus: id }).toString(), { ...state, focus: id });
  if (!fetched.has(query)) fetched.set(query, json(`${source}?${query}`));
  const { edges } = await fetched.get(query);
  if (hovered !== id) return;
  picture.hover(edges);
  element.dataset.over = id;
}

function pageOf(node) {
  const address = new URL(element.dataset[node.group].replace("CODE", encodeURIComponent(node.code)), location.origin);
  address.searchParams.delete("as_of");
  if (day) address.searchParams.set("as_of", day);
  return address.href;
}

/** The day's own form: the day changes, everything else stays. */
function keepDay(event) {
  event.preventDefault();
  go(changed({ as_of: new FormData(event.target).get("as_of") }));
}
