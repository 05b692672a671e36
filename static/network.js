// The network page: fetches the drawing, hands it to vis-network, and keeps picture, controls, panel, table
// and address in step with one state. How things look is network-paint.js, what is drawn network-state.js.

import { show } from "./network-panel.js";
import { onName, Painter, WEIGHT } from "./network-paint.js";
import { across, address, chosen, meant, NOTHING, read, touches } from "./network-state.js";

const HALF = { wide: [572, 434], tall: [316, 512] }; // half of what must be seen: with names; stood on end, without
const byId = (id) => document.getElementById(id);
const picture = byId("network");
const form = byId("network-form");
const twin = byId("twin");
const vis = globalThis.vis;

let state = read(location.search);
let drawing; // nodes by id, edges, kinds, options, regions
let network;
let painter;
let nodes; // what vis-network draws: nodes,
let edges; // and edges
let shape = "wide";
let settled = true; // has the reader left the zoom alone?

start().catch((trouble) => {
  byId("state").textContent = "The picture could not be made; the table below holds the same ties.";
  twin.open = true;
  throw trouble;
});

async function start() {
  document.documentElement.classList.add("scripted");
  byId("stage").hidden = false;
  twin.open = false;
  const found = await fetched(picture.dataset.source, "json");
  found.edges.forEach((edge, id) => Object.assign(edge, { id }));
  drawing = { ...found, nodes: new Map(found.nodes.map((node) => [node.id, node])) };
  if (state.focus) state.focus = meant(state.focus, drawing.nodes)?.id ?? "";
  draw();
  listen();
  enter(state);
}

/** What an address of ours holds, as `json` or `text`; throws where the server refuses. */
async function fetched(url, form) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer[form]();
}

// -- the picture ------------------------------------------------------------------------------------------

function draw() {
  painter = new Painter(() => network?.getScale() ?? 1);
  painter.nodes = drawing.nodes;
  painter.regions = drawing.regions;
  nodes = new vis.DataSet([...drawing.nodes.values()].map((node) => ({
    id: node.id, label: node.label, x: node.x, y: node.y, title: tip(node),
    shape: "custom", ctxRenderer: painter.renderer(node.group),
  })));
  edges = new vis.DataSet();
  network = new vis.Network(picture, { nodes, edges }, drawing.options);
  network.on("beforeDrawing", (ctx) => painter.background(ctx));
  network.once("afterDrawing", () => { picture.dataset.drawn = String(Math.round(performance.now())); });
  const frame = picture.firstElementChild;
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", "The network as a picture. Arrow keys walk round, Enter opens a page, Escape clears.");
  fit();
}

function tip(node) {
  const facts = Object.entries(node.facts).map(([name, value]) => `${name}: ${value}`);
  return [node.name, ...facts].join("\n");
}

function fit() {
  const wanted = picture.clientWidth < Math.min(700, picture.clientHeight) ? "tall" : "wide";
  if (wanted !== shape) stand(wanted);
  const [wide, high] = HALF[shape];
  const scale = Math.min(picture.clientWidth / wide, picture.clientHeight / high) / 2;
  network.moveTo({ position: { x: 0, y: shape === "tall" ? 14 : 0 }, scale }); // on end, the zoom buttons want room below
  picture.dataset.scale = scale.toFixed(3);
  settled = true;
}

/** On a narrow screen the ellipse stands on end: every place keeps its share of the axes, which change places. */
function stand(wanted) {
  const [across, down] = wanted === "tall" ? [drawing.tall, 1 / drawing.tall] : [1 / drawing.tall, drawing.tall];
  for (const place of [...drawing.nodes.values(), ...drawing.regions]) {
    place.x *= across;
    place.y *= down;
    place.angle = Math.atan2(Math.sin(place.angle) / down, Math.cos(place.angle) / across);
  }
  for (const region of drawing.regions) region.arc = region.arc.map(([x, y]) => [x * across, y * down]);
  nodes.update([...drawing.nodes.values()].map(({ id, x, y }) => ({ id, x, y })));
  shape = painter.shape = wanted;
}

function zoom(by) {
  settled = false;
  network.moveTo({ scale: network.getScale() * by });
  picture.dataset.scale = network.getScale().toFixed(3);
}

/** Bring the picture in line with the state. */
function paint() {
  const drawn = chosen(state, drawing.edges, drawing.nodes);
  painter.view = state.view;
  painter.focus = state.focus;
  painter.marks = marksOf(drawn);
  painter.lit = state.focus ? new Set([state.focus, ...drawn.filter((e) => touches(e, state.focus)).map((e) => across(e, state.focus))]) : null;
  drawn.sort((one, other) => WEIGHT.get(one.kind) - WEIGHT.get(other.kind));
  edges.clear();
  edges.add(drawn.map((edge) => ({ id: edge.id, from: edge.from, to: edge.to, title: said(edge), ...painter.edge(edge) })));
  Object.assign(picture.dataset, { edges: drawn.length, view: state.view, focus: state.focus, ready: "true" });
  byId("state").textContent = counted(drawn);
}

function counted(drawn) {
  const missing = drawn.filter((edge) => edge.view === "gaps").length;
  const ties = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
  if (state.view === "ties") return `${ties(drawn.length, "tie")} drawn`;
  const there = drawn.length - missing;
  return `${ties(missing, "missing tie")}${there ? ` and ${ties(there, "tie")} of a body` : ""} drawn`;
}

function marksOf(drawn) {
  const marks = new Map();
  for (const edge of drawn) {
    if (edge.view !== state.view) continue;
    for (const id of [edge.from, edge.to]) {
      const mark = marks.get(id) ?? { count: 0, kind: edge.view === "ties" ? "party" : edge.kind };
      mark.count += 1;
      if (edge.view === "ties" && edge.pending) continue; // a signature is no shortcoming before entry into force
      if (WEIGHT.get(edge.kind) > WEIGHT.get(mark.kind)) mark.kind = edge.kind;
      marks.set(id, mark);
    }
  }
  return marks;
}

function said(edge) {
  return `${drawing.nodes.get(edge.from).label} – ${drawing.nodes.get(edge.to).label}: ${edge.title}`;
}

// -- the state, and what follows from it -----------------------------------------------------------------

/** Go to a state: address, controls, picture, panel and table. */
function change(changes) {
  const next = { ...state, ...changes };
  if (next.view !== state.view) next.standing = "";
  enter(next);
  history.replaceState(null, "", address(next, location));
  renewTable();
}

function enter(next) {
  state = next;
  setControls();
  paint();
  const node = drawing.nodes.get(state.focus);
  byId("unselected").hidden = Boolean(node);
  show(node, drawing, node && pageOf(node), focus);
}

function setControls() {
  for (const name of ["instrument", "region", "standing"]) form.elements[name].value = state[name];
  form.elements.view.value = state.view;
  form.elements.pending.checked = state.pending;
  form.elements.pending.disabled = state.view !== "gaps";
  const node = drawing.nodes.get(state.focus);
  form.elements.focus.value = node ? (node.group === "participant" ? node.name : node.label) : "";
  for (const each of document.querySelectorAll("[data-view]")) {
    if (each !== picture) each.hidden = each.disabled = each.dataset.view !== state.view;
  }
}

function focus(id) {
  change({ focus: id });
}

function pageOf(node) {
  return picture.dataset[node.group].replace("CODE", encodeURIComponent(node.code));
}

let waiting;
/** The table comes from the server, by the address; asked for only when it is open. */
function renewTable() {
  clearTimeout(waiting);
  twin.dataset.stale = "true";
  if (twin.open) waiting = setTimeout(fetchTable, 200);
}

async function fetchTable() {
  const asked = location.href;
  const page = new DOMParser().parseFromString(await fetched(asked, "text"), "text/html");
  if (asked !== location.href) return;
  byId("rows").replaceChildren(...page.getElementById("rows").childNodes);
  delete twin.dataset.stale;
}

// -- what the reader does ----------------------------------------------------------------------------------

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    seek();
  });
  form.addEventListener("change", ({ target }) => {
    if (target.name === "focus") seek();
    else change({ [target.name]: target.type === "checkbox" ? target.checked : target.value });
  });
  byId("reset").addEventListener("click", (event) => {
    event.preventDefault();
    change(NOTHING);
    fit();
  });
  for (const link of document.querySelectorAll("a[data-node]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      focus(link.dataset.node);
    });
  }
  document.querySelector(".waiting")?.addEventListener("click", (event) => {
    event.preventDefault();
    change({ view: "gaps", pending: true });
  });
  document.querySelector(".as-of")?.addEventListener("submit", keepChoices);
  document.addEventListener("keydown", (event) => event.key === "Escape" && state.focus && change({ focus: "" }));
  twin.addEventListener("toggle", () => twin.open && twin.dataset.stale && fetchTable());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { painter.refresh(); paint(); });
  listenToPicture();
}

function listenToPicture() {
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => ({ in: () => zoom(1.3), out: () => zoom(1 / 1.3), fit })[button.dataset.zoom]());
  }
  network.on("click", ({ nodes, pointer }) => focus(nodes[0] ?? named(pointer.canvas)?.id ?? ""));
  network.on("hoverNode", () => picture.classList.add("over"));
  network.on("blurNode", () => picture.classList.remove("over"));
  network.on("zoom", () => { settled = false; });
  network.on("dragStart", () => { settled = false; });
  new ResizeObserver(() => settled && fit()).observe(picture);
  picture.firstElementChild.addEventListener("keydown", walk);
}

function seek() {
  const text = form.elements.focus.value;
  const node = meant(text, drawing.nodes);
  if (node || !text.trim()) focus(node?.id ?? "");
  else byId("state").textContent = `Nothing is called “${text}”`;
}

function named(point) {
  if (painter.inwards) return undefined; // names there lie over the lines and catch nothing
  return [...drawing.nodes.values()].find((node) => node.group === "participant" && onName(node, point));
}

/** The keyboard in the picture: left and right round the ring or the hubs, up and down between them. */
function walk(event) {
  const group = drawing.nodes.get(state.focus)?.group ?? "participant";
  const moves = {
    ArrowRight: () => step(group, 1), ArrowLeft: () => step(group, -1),
    ArrowUp: () => step(above(group, -1), 0), ArrowDown: () => step(above(group, 1), 0),
    "+": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: fit,
    Enter: () => state.focus && location.assign(pageOf(drawing.nodes.get(state.focus))),
  };
  if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  moves[event.key]();
}

function above(group, by) {
  const groups = ["participant", "instrument", "body"];
  return groups[Math.min(2, Math.max(0, groups.indexOf(group) + by))];
}

/** The next node of a group by its direction from the middle, clockwise from the top. */
function step(group, by) {
  const turn = (node) => (Math.atan2(node.x, -node.y) + 2 * Math.PI) % (2 * Math.PI);
  const round = [...drawing.nodes.values()].filter((node) => node.group === group).sort((one, other) => turn(one) - turn(other));
  const now = drawing.nodes.get(state.focus);
  const at = now?.group === group ? round.indexOf(now) : now ? round.findIndex((node) => turn(node) >= turn(now)) : -by;
  focus(round.at((at + by + round.length) % round.length).id);
}

/** The day's own form reloads the page: it takes the state along. */
function keepChoices(event) {
  const query = new URL(address(state, location), location.origin).searchParams;
  for (const name of Object.keys(NOTHING)) {
    event.target.querySelector(`input[name="${name}"]`)?.remove();
    if (query.has(name)) event.target.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: query.get(name) }));
  }
}
