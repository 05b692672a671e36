// The picture: gives nodes and edges to vis-network, keeps their places while they come and go, fits and zooms.
// How things look is in network-painter.js and network-line-styles.js; what is shown follows from the page's state.

/** @import { Drawing, DrawingData, DrawnNode, Edge, Highlights, Point, State, Tally, VisNetwork } from "./network-types.js" */
import { edgeOptions, importance } from "./network-line-styles.js";
import { isOnName, Painter } from "./network-painter.js";
import { chartNodeAt, isChart } from "./network-profile-chart.js";
import { chooseNames } from "./network-small-marks.js";
import { otherEnd, touches, visibleEdges } from "./network-state.js";

const FADE_MS = 240; // in which edges come and go
const MOST_FADED = 800; // when more edges change at once, they do not fade
const LARGEST_SCALE = 1.5; // at which a whole picture is shown
const NARROW_WIDTH = 700; // narrower windows stand the picture on end
const BUTTONS_ROOM = 14; // on end, the zoom buttons want room below
const RING_LAYOUTS = new Set(["gaps", "changes"]);
const POINTER_RADIUS = { participant: 5, body: 6, instrument: 28, column: 13, profile: 10 };

/** The picture in its element. Load a drawing first, then show a state of it. */
export class NetworkPicture {
  /** @type {Drawing | undefined} */
  #drawing;
  /** @type {VisNetwork | undefined} */
  #network;
  #nodes = new globalThis.vis.DataSet();
  #edges = new globalThis.vis.DataSet();
  #layout = "";
  #fitsWindow = true; // false once the reader has zoomed or moved it
  #fadeFrame = 0;
  #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.painter = new Painter(() => this.#network?.getScale() ?? 1);
    /** @type {Map<string, Edge>} */
    this.edges = new Map(); // the edges that are drawn, by key
  }

  /** The drawing that was loaded last, if any. */
  get drawing() {
    return this.#drawing;
  }

  get canvas() {
    return this.element.querySelector("canvas");
  }

  /**
   * Load a drawing. Nodes that it shares with the one before keep their places; returns whether the layout is the same.
   * @param {DrawingData} data
   */
  load(data) {
    const layout = data.view === "ties" ? "gaps" : data.view;
    const isSame = this.#layout === layout || (RING_LAYOUTS.has(layout) && RING_LAYOUTS.has(this.#layout));
    for (const edge of data.edges) edge.key = `${edge.from}|${edge.to}|${edge.kind}|${edge.view}`;
    const drawing = { ...data, nodes: new Map(data.nodes.map((node) => [node.id, node])) };
    this.#drawing = drawing;
    this.#layout = layout;
    Object.assign(this.painter, { drawing, hoverEdges: [], orientation: "wide" });
    if (this.#network) this.#network.setOptions({ interaction: { ...drawing.options.interaction, zoomView: document.activeElement === this.frame } });
    else this.#network = this.#makeNetwork(drawing);
    this.#replaceNodes(drawing, isSame);
    this.#orient(drawing);
    if (!isSame) {
      this.edges = new Map();
      this.fit();
    }
    return isSame;
  }

  /** @param {Drawing} drawing */
  #makeNetwork(drawing) {
    const network = new globalThis.vis.Network(this.element, { nodes: this.#nodes, edges: this.#edges }, drawing.options);
    network.on("beforeDrawing", (ctx) => this.painter.drawBackground(ctx));
    network.on("zoom", () => { this.#fitsWindow = false; chooseNames(this.painter); });
    network.on("dragStart", () => { this.#fitsWindow = false; });
    network.once("afterDrawing", () => { this.element.dataset.drawn = String(Math.round(performance.now())); });
    const frame = this.frame;
    this.#scrollsPageUntilActive(network, frame);
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", "The network as a picture. Arrow keys move, Enter opens a page, Esc clears.");
    new ResizeObserver(() => { if (this.#fitsWindow) this.fit(); }).observe(this.element);
    return network;
  }

  /**
   * The wheel scrolls the page unless the picture has been activated by a click or the keyboard; a tooltip goes with the
   * pointer.
   * @param {VisNetwork} network
   * @param {HTMLElement} frame
   */
  #scrollsPageUntilActive(network, frame) {
    /** @param {boolean} zoomView */
    const setZoom = (zoomView) => network.setOptions({ interaction: { zoomView } });
    setZoom(false);
    frame.addEventListener("pointerdown", () => setZoom(true));
    frame.addEventListener("focus", () => setZoom(true));
    frame.addEventListener("blur", () => setZoom(false));
    frame.addEventListener("pointerleave", () => {
      const tooltip = frame.querySelector(".vis-tooltip");
      if (tooltip instanceof HTMLElement) tooltip.style.visibility = "hidden";
    });
  }

  /** The element that takes the focus and the keys. */
  get frame() {
    return /** @type {HTMLElement} */ (this.element.firstElementChild);
  }

  /** @param {{ click: (id: string | undefined, point: Point) => void, enter: (id: string) => void, leave: () => void }} listener */
  listen({ click, enter, leave }) {
    this.#network?.on("click", ({ nodes, pointer }) => click(nodes[0], pointer.canvas));
    this.#network?.on("hoverNode", ({ node }) => enter(node));
    this.#network?.on("blurNode", leave);
  }

  /**
   * @param {Drawing} drawing
   * @param {boolean} isSame
   */
  #replaceNodes(drawing, isSame) {
    const gone = this.#nodes.getIds().filter((id) => !isSame || !drawing.nodes.has(id));
    if (gone.length) {
      this.#edges.clear();
      this.#nodes.remove(gone);
    }
    this.#nodes.update([...drawing.nodes.values()].map((node) => ({
      id: node.id, label: node.label, x: node.x, y: node.y, title: tooltip(node), shape: "custom", size: pointerRadius(node),
      ctxRenderer: (/** @type {import("./network-types.js").VisRenderRequest} */ request) => this.painter.render(request),
    })));
  }

  // -- what is shown ----------------------------------------------------------------------------------------

  /**
   * Bring the picture in line with a state and with what answers highlight. Returns the edges that it draws.
   * @param {State} state
   * @param {Highlights} highlights
   * @param {{ fade?: boolean }} [options] let edges come and go softly
   */
  show(state, highlights, { fade = false } = {}) {
    const drawing = /** @type {Drawing} */ (this.#drawing);
    const edges = visibleEdges(state, drawing.edges);
    const { painter } = this;
    painter.view = state.view;
    painter.focus = state.focus;
    painter.highlights = highlights;
    painter.tallies = tallyEdges(drawing, edges, state);
    painter.highlighted = highlightedIds(drawing, edges, state, highlights);
    painter.hoverEdges = [];
    chooseNames(painter);
    this.#setEdges(drawing, edges, state, fade);
    return edges;
  }

  /**
   * @param {Drawing} drawing
   * @param {Edge[]} edges
   * @param {State} state
   * @param {boolean} fade
   */
  #setEdges(drawing, edges, state, fade) {
    const before = this.edges;
    this.edges = new Map(edges.map((edge) => [edge.key ?? "", edge]));
    const appearing = fade ? edges.filter((edge) => !before.has(edge.key ?? "")) : [];
    /** @param {Edge} edge */
    const hasEnds = (edge) => drawing.nodes.has(edge.from) && drawing.nodes.has(edge.to);
    const leaving = fade ? [...before.values()].filter((edge) => !this.edges.has(edge.key ?? "") && hasEnds(edge)) : [];
    const changes = appearing.length + leaving.length;
    const isSoft = !this.#reducedMotion.matches && changes > 0 && changes < MOST_FADED;
    const hidden = new Set(isSoft ? appearing : []);
    const all = isSoft ? [...edges, ...leaving] : [...edges];
    all.sort((one, other) => importance(one.kind) - importance(other.kind));
    this.#edges.clear();
    this.#edges.add(all.map((edge) => ({
      id: edge.key, from: edge.from, to: edge.to, title: edgeTooltip(drawing, edge), ...this.#edgeOptions(edge, state, hidden.has(edge) ? 0 : 1),
    })));
    cancelAnimationFrame(this.#fadeFrame);
    this.element.dataset.edges = String(edges.length);
    if (isSoft) this.#fade(appearing, leaving, state);
    this.#network?.redraw();
  }

  /**
   * @param {Edge} edge
   * @param {State} state
   * @param {number} visibility
   */
  #edgeOptions(edge, state, visibility) {
    const { highlighted, focus, colors } = this.painter;
    const isHighlighted = highlighted !== null && (focus ? touches(edge, focus) : highlighted.has(edge.from) && highlighted.has(edge.to));
    return edgeOptions(edge, colors, {
      highlighted: isHighlighted, dimmed: highlighted !== null && !isHighlighted, visibility, strong: state.view === "ego",
    });
  }

  /**
   * @param {Edge[]} appearing
   * @param {Edge[]} leaving
   * @param {State} state
   */
  #fade(appearing, leaving, state) {
    const began = performance.now();
    /** @param {number} now */
    const step = (now) => {
      const share = Math.min(1, Math.max(0, (now - began) / FADE_MS));
      this.#edges.update([
        ...appearing.map((edge) => ({ id: edge.key, ...this.#edgeOptions(edge, state, share) })),
        ...leaving.map((edge) => ({ id: edge.key, ...this.#edgeOptions(edge, state, 1 - share) })),
      ]);
      if (share < 1) this.#fadeFrame = requestAnimationFrame(step);
      else this.#edges.remove(leaving.map((edge) => edge.key));
    };
    this.#fadeFrame = requestAnimationFrame(step);
  }

  /**
   * Draw these edges under everything for as long as the pointer rests on their node.
   * @param {Edge[]} edges
   */
  showHoverEdges(edges) {
    this.painter.hoverEdges = edges;
    this.#network?.redraw();
  }

  /**
   * The node at a point of the canvas, its name included.
   * @param {Point} point
   */
  nodeAt(point) {
    const drawing = this.#drawing;
    if (!drawing) return undefined;
    if (isChart(drawing)) return chartNodeAt(drawing, point);
    if (this.painter.namesPointInwards) return undefined; // names there cover the lines and cannot be pointed at
    return [...drawing.nodes.values()].find((node) => node.group === "participant" && isOnName(node, point));
  }

  // -- how much of it ---------------------------------------------------------------------------------------

  /** Show the whole picture. */
  fit() {
    const drawing = this.#drawing;
    if (!drawing || !this.element.clientWidth) return; // when printed, a static picture replaces this one
    this.#orient(drawing);
    const { half, middle, column } = drawing;
    const isTall = this.painter.orientation === "tall";
    const [halfWidth, halfHeight] = (isTall && half.tall) || half.wide;
    const { clientWidth, clientHeight } = this.element;
    const scale = Math.min(LARGEST_SCALE, clientWidth / halfWidth / 2, clientHeight / halfHeight / 2);
    const x = isTall && column !== undefined ? halfWidth - column : middle[0];
    this.#network?.moveTo({ position: { x, y: middle[1] + (isTall ? BUTTONS_ROOM : 0) }, scale });
    this.element.dataset.scale = scale.toFixed(3);
    this.#fitsWindow = true;
    chooseNames(this.painter);
  }

  /**
   * On a narrow screen the ellipse stands on end: every place keeps its share of the axes, which change places.
   * @param {Drawing} drawing
   */
  #orient(drawing) {
    const { clientWidth, clientHeight } = this.element;
    const isNarrow = clientWidth < Math.min(NARROW_WIDTH, clientHeight) && drawing.half.tall !== undefined;
    const orientation = isNarrow ? "tall" : "wide";
    if (orientation === this.painter.orientation) return;
    this.painter.orientation = orientation;
    const { tall, nodes, regions, rings } = drawing;
    if (tall === undefined) return;
    const [right, down] = isNarrow ? [tall, 1 / tall] : [1 / tall, tall];
    for (const place of [...nodes.values(), ...regions]) {
      place.x *= right;
      place.y *= down;
      place.angle = Math.atan2(Math.sin(place.angle) / down, Math.cos(place.angle) / right);
    }
    for (const ring of rings) Object.assign(ring, { wide: ring.wide * right, high: ring.high * down });
    for (const region of regions) region.arc = region.arc.map(([x, y]) => [x * right, y * down]);
    this.#nodes.update([...nodes.values()].map(({ id, x, y }) => ({ id, x, y })));
  }

  /** @param {number} factor */
  zoom(factor) {
    if (!this.#network) return;
    this.#fitsWindow = false;
    this.#network.moveTo({ scale: this.#network.getScale() * factor });
    this.element.dataset.scale = this.#network.getScale().toFixed(3);
    chooseNames(this.painter);
  }
}

/**
 * The ids of what is highlighted: the focused node with its neighbours, and what answers found; null if nothing is.
 * @param {Drawing} drawing
 * @param {Edge[]} edges
 * @param {State} state
 * @param {Highlights} highlights
 */
function highlightedIds(drawing, edges, { view, focus }, { path, alike }) {
  const ids = new Set([...path, ...alike]);
  if (focus && drawing.nodes.has(focus) && view !== "ego") {
    ids.add(focus);
    for (const edge of edges) if (touches(edge, focus)) ids.add(otherEnd(edge, focus));
    if (view === "profiles") profilesWithColumn(drawing, focus).forEach((id) => ids.add(id));
  }
  return ids.size ? ids : null;
}

/**
 * @param {Drawing} drawing
 * @param {string} id
 */
function profilesWithColumn(drawing, id) {
  const nodes = [...drawing.nodes.values()];
  const column = nodes.filter((node) => node.group === "column").findIndex((node) => node.id === id);
  return nodes.filter((node) => column >= 0 && node.has?.[column]).map((node) => node.id);
}

/**
 * How many edges each node has, and the most important kind among them.
 * @param {Drawing} drawing
 * @param {Edge[]} edges
 * @param {State} state
 */
function tallyEdges(drawing, edges, { view }) {
  /** @type {Map<string, Tally>} */
  const tallies = new Map();
  for (const { id, count = 0, most, share } of drawing.nodes.values()) if (most && share !== undefined) tallies.set(id, { count, kind: most });
  if (tallies.size) return tallies; // too many to draw: the server counted them
  for (const edge of edges) {
    if (edge.view !== view) continue;
    for (const id of [edge.from, edge.to]) {
      const tally = tallies.get(id) ?? { count: 0, kind: edge.view === "gaps" ? edge.kind : "party" };
      tally.count += 1;
      tallies.set(id, tally);
      if (edge.view === "ties" && edge.pending) continue; // a signature is no shortcoming before entry into force
      if (importance(edge.kind) > importance(tally.kind)) tally.kind = edge.kind;
    }
  }
  return tallies;
}

/**
 * How far from its middle the pointer finds a node: vis-network takes a custom mark to be as large as its size.
 * @param {DrawnNode} node
 */
function pointerRadius(node) {
  return node.small ? 4.5 + 6 * Math.sqrt(node.share ?? 0) : POINTER_RADIUS[node.group];
}

/** @param {DrawnNode} node */
function tooltip(node) {
  const facts = Object.entries(node.facts).filter(([, value]) => value !== "").map(([name, value]) => `${name}: ${value}`);
  return [node.name, ...facts].join("\n");
}

/**
 * @param {Drawing} drawing
 * @param {Edge} edge
 */
function edgeTooltip({ nodes }, edge) {
  if (edge.view === "changes") return edge.title;
  return `${nodes.get(edge.from)?.label ?? edge.from} – ${nodes.get(edge.to)?.label ?? edge.to}: ${edge.title}`;
}
