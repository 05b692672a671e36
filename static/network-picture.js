// The picture: hands nodes and edges to vis-network, keeps their places while they come and go, fits and zooms.
// How things look is network-painter.js and network-line-styles.js; what is shown is the state's business.

import { under } from "./network-profile-chart.js";
import { lineOf, WEIGHT } from "./network-line-styles.js";
import { onName, Painter } from "./network-painter.js";
import { nameWhatFits } from "./network-small-marks.js";
import { across, chosen, touches } from "./network-state.js";

const FADE = 240; // milliseconds in which edges come and go
const MOST_FADED = 800; // more than these change at once
const LARGEST = 1.5; // scale at which a whole picture is shown
const ROOMY = { tall: 700 }; // narrower windows stand the picture on end

export class Picture {
  constructor(element) {
    this.element = element;
    this.painter = new Painter(() => this.network?.getScale() ?? 1);
    this.nodes = new globalThis.vis.DataSet();
    this.edges = new globalThis.vis.DataSet();
    this.shown = new Map(); // the edges that are there, by key
    this.settled = true; // has the reader left the zoom alone?
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** Take a drawing: the nodes that stay keep their places on the screen. */
  load(found) {
    const family = `${found.view === "ties" ? "gaps" : found.view}`;
    const same = this.family === family || (RINGS.has(family) && RINGS.has(this.family));
    this.drawing = { ...found, nodes: new Map(found.nodes.map((node) => [node.id, node])) };
    this.drawing.edges.forEach((edge) => { edge.key = `${edge.from}|${edge.to}|${edge.kind}|${edge.view}`; });
    this.family = family;
    Object.assign(this.painter, { drawing: this.drawing, over: [], shape: "wide" });
    if (!this.network) this.make();
    else this.network.setOptions({ interaction: this.drawing.options.interaction });
    this.replaceNodes(same);
    this.stand();
    if (!same) {
      this.shown = new Map();
      this.fit();
    }
    return same;
  }

  make() {
    this.network = new globalThis.vis.Network(this.element, { nodes: this.nodes, edges: this.edges }, this.drawing.options);
    this.network.on("beforeDrawing", (ctx) => this.painter.background(ctx));
    this.network.on("zoom", () => nameWhatFits(this.painter));
    this.network.once("afterDrawing", () => { this.element.dataset.drawn = String(Math.round(performance.now())); });
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "application");
    this.frame.setAttribute("aria-label", "The network as a picture. Arrow keys walk round, Enter opens a page, Escape clears.");
    new ResizeObserver(() => this.settled && this.drawing && this.fit()).observe(this.element);
  }

  get frame() {
    return this.element.firstElementChild;
  }

  get canvas() {
    return this.element.querySelector("canvas");
  }

  replaceNodes(same) {
    const found = [...this.drawing.nodes.values()];
    const gone = this.nodes.getIds().filter((id) => !same || !this.drawing.nodes.has(id));
    if (gone.length) {
      this.edges.clear();
      this.nodes.remove(gone);
    }
    this.nodes.update(found.map((node) => ({
      id: node.id, label: node.label, x: node.x, y: node.y, title: tip(node), shape: "custom", size: reach(node),
      ctxRenderer: (given) => this.painter.render(given),
    })));
  }

  // -- what is shown ------------------------------------------------------------------------------------

  /** Bring the picture in line with a state and the answers that are marked; `fade` lets edges come and go softly. */
  show(state, answers, { fade = false } = {}) {
    const drawn = chosen(state, this.drawing.edges, this.drawing.nodes);
    const { painter } = this;
    painter.view = state.view;
    painter.focus = state.focus;
    painter.answers = answers;
    painter.marks = this.marksOf(drawn, state);
    painter.lit = this.litBy(drawn, state, answers);
    painter.over = [];
    nameWhatFits(painter);
    this.place(drawn, state, fade);
    return drawn;
  }

  litBy(drawn, state, answers) {
    const lit = new Set([...answers.path, ...answers.alike]);
    if (state.focus && this.drawing.nodes.has(state.focus) && state.view !== "ego") {
      lit.add(state.focus);
      for (const edge of drawn) if (touches(edge, state.focus)) lit.add(across(edge, state.focus));
      if (state.view === "profiles") this.sameColumn(state.focus).forEach((id) => lit.add(id));
    }
    return lit.size ? lit : null;
  }

  sameColumn(id) {
    const columns = [...this.drawing.nodes.values()].filter((node) => node.group === "column").map((node) => node.id);
    const at = columns.indexOf(id);
    return [...this.drawing.nodes.values()].filter((node) => at >= 0 && node.has?.[at]).map((node) => node.id);
  }

  place(drawn, state, fade) {
    const before = this.shown;
    this.shown = new Map(drawn.map((edge) => [edge.key, edge]));
    const fresh = fade ? new Set(drawn.filter((edge) => !before.has(edge.key)).map((edge) => edge.key)) : new Set();
    const ends = (edge) => this.drawing.nodes.has(edge.from) && this.drawing.nodes.has(edge.to);
    const gone = fade ? [...before.values()].filter((edge) => !this.shown.has(edge.key) && ends(edge)) : [];
    const soft = !this.calm.matches && fresh.size + gone.length > 0 && fresh.size + gone.length < MOST_FADED;
    const all = soft ? [...drawn, ...gone] : drawn.slice();
    all.sort((one, other) => WEIGHT.get(one.kind) - WEIGHT.get(other.kind));
    const look = (edge, there) => this.look(edge, state, there);
    this.edges.clear();
    this.edges.add(all.map((edge) => ({
      id: edge.key, from: edge.from, to: edge.to, title: this.said(edge), ...look(edge, soft && fresh.has(edge.key) ? 0 : 1),
    })));
    cancelAnimationFrame(this.fading);
    this.element.dataset.edges = String(drawn.length);
    if (soft) this.fade(all.filter((edge) => fresh.has(edge.key)), gone, look);
    this.network.redraw();
  }

  look(edge, state, there) {
    const { lit, focus } = this.painter;
    const mine = lit && (focus ? touches(edge, focus) : lit.has(edge.from) && lit.has(edge.to));
    return lineOf(edge, this.painter.ink, { near: Boolean(mine), far: Boolean(lit && !mine), there, strong: state.view === "ego" });
  }

  fade(fresh, gone, look) {
    const began = performance.now();
    const step = (now) => {
      const there = Math.min(1, Math.max(0, (now - began) / FADE));
      this.edges.update([...fresh.map((edge) => ({ id: edge.key, ...look(edge, there) })), ...gone.map((edge) => ({ id: edge.key, ...look(edge, 1 - there) }))]);
      if (there < 1) this.fading = requestAnimationFrame(step);
      else this.edges.remove(gone.map((edge) => edge.key));
    };
    this.fading = requestAnimationFrame(step);
  }

  marksOf(drawn, state) {
    const counted = [...this.drawing.nodes.values()].filter((node) => node.most && node.share !== undefined);
    const marks = new Map(counted.map(({ id, count, most }) => [id, { count, kind: most }]));
    if (marks.size) return marks; // too many to draw: the server counted them
    for (const edge of drawn) {
      if (edge.view !== state.view) continue;
      for (const id of [edge.from, edge.to]) {
        const mark = marks.get(id) ?? { count: 0, kind: edge.view === "gaps" ? edge.kind : "party" };
        mark.count += 1;
        marks.set(id, mark);
        if (edge.view === "ties" && edge.pending) continue; // a signature is no shortcoming before entry into force
        if (WEIGHT.get(edge.kind) > WEIGHT.get(mark.kind)) mark.kind = edge.kind;
      }
    }
    return marks;
  }

  said(edge) {
    const [one, other] = [edge.from, edge.to].map((id) => this.drawing.nodes.get(id)?.label ?? id);
    return edge.view === "changes" ? edge.title : `${one} – ${other}: ${edge.title}`;
  }

  /** Draw these edges under everything for as long as the pointer rests on their node. */
  hover(edges) {
    this.painter.over = edges;
    this.network.redraw();
  }

  /** The node at a point of the canvas, its name included. */
  at(point) {
    if (this.drawing.column) return under(this.drawing, point);
    if (this.painter.inwards) return undefined; // names there lie over the lines and catch nothing
    return [...this.drawing.nodes.values()].find((node) => node.group === "participant" && onName(node, point));
  }

  // -- how much of it -----------------------------------------------------------------------------------

  fit() {
    if (!this.element.clientWidth) return; // on paper a still picture stands in for this one
    this.stand();
    const { half, middle } = this.drawing;
    const [wide, high] = half[this.painter.shape] ?? half.wide;
    const { clientWidth, clientHeight } = this.element;
    const scale = Math.min(LARGEST, clientWidth / wide / 2, clientHeight / high / 2);
    const tall = this.painter.shape === "tall";
    const x = tall && this.drawing.column ? wide - this.drawing.column : middle[0];
    this.network.moveTo({ position: { x, y: middle[1] + (tall ? 14 : 0) }, scale }); // on end, the zoom buttons want room below
    this.element.dataset.scale = scale.toFixed(3);
    this.settled = true;
    nameWhatFits(this.painter);
  }

  /** On a narrow screen the ellipse stands on end: every place keeps its share of the axes, which change places. */
  stand() {
    const { clientWidth, clientHeight } = this.element;
    const narrow = clientWidth < Math.min(ROOMY.tall, clientHeight) && this.drawing.half.tall;
    const wanted = narrow ? "tall" : "wide";
    if (wanted === this.painter.shape) return;
    this.painter.shape = wanted;
    const { tall } = this.drawing;
    if (tall === undefined) return;
    const [over, down] = wanted === "tall" ? [tall, 1 / tall] : [1 / tall, tall];
    for (const place of [...this.drawing.nodes.values(), ...this.drawing.regions]) {
      place.x *= over;
      place.y *= down;
      place.angle = Math.atan2(Math.sin(place.angle) / down, Math.cos(place.angle) / over);
    }
    for (const ring of this.drawing.rings) Object.assign(ring, { wide: ring.wide * over, high: ring.high * down });
    for (const region of this.drawing.regions) region.arc = region.arc.map(([x, y]) => [x * over, y * down]);
    this.nodes.update([...this.drawing.nodes.values()].map(({ id, x, y }) => ({ id, x, y })));
  }

  zoom(by) {
    this.settled = false;
    this.network.moveTo({ scale: this.network.getScale() * by });
    this.element.dataset.scale = this.network.getScale().toFixed(3);
    nameWhatFits(this.painter);
  }
}

const RINGS = new Set(["gaps", "changes"]);

const REACH = { participant: 5, body: 6, instrument: 28, column: 13, profile: 10 };

/** How far from its middle the pointer finds a node: vis-network takes a custom mark to be as large as its size. */
function reach(node) {
  return node.small ? 4.5 + 6 * Math.sqrt(node.share ?? 0) : REACH[node.group];
}

function tip(node) {
  const facts = Object.entries(node.facts).filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  return [node.name, ...facts].join("\n");
}
