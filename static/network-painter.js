// Draws the marks and names of the picture's nodes: shape says what colour says. Lines are in network-line-styles.js,
// the rows of profiles in network-profile-chart.js, very many instruments in network-small-marks.js.

/** @import { Drawing, DrawnNode, Edge, EdgeKind, Highlights, Mark, Orientation, Point, Region, Tally, View, VisRenderRequest } from "./network-types.js" */
import { currentColors, lineStyle, strokeLine } from "./network-line-styles.js";
import { columnHeading, isChart, profileRow } from "./network-profile-chart.js";
import { smallMark } from "./network-small-marks.js";

const NAME_SIZE = 10.5; // of a participant's name, in the picture's own units
const LEGIBLE_SIZE = 6.5; // names smaller than so many pixels on the screen are left out
const POINTER_SIZE = 9; // the least size that a pointer can catch
const SHORT_NAME_SCALE = 0.6; // at smaller scales instruments have room for a word and a number only
const BUSY_BODY = 25; // so many edges make a body's name worth its room
/** @type {Set<string>} */
const CROSSED_KINDS = new Set(["left", "withdrawn", "lost"]);
const TINTS = /** @type {const} */ (["region-europe", "region-africa", "region-americas", "region-asia", "region-oceania", "withdrawn", "none"]);
const ABBREVIATIONS = new Set(["UN", "CoE", "1988"]); // first words that do not tell instruments apart

/** Draws nodes and what lies behind them. Its fields say what is shown; the picture sets them. */
export class Painter {
  /** @param {() => number} scale gives the picture's scale */
  constructor(scale) {
    this.scale = scale;
    /** @type {Pick<Drawing, "nodes" | "regions" | "rings">} */
    this.drawing = { nodes: new Map(), regions: [], rings: [] };
    /** @type {Map<string, Tally>} */
    this.tallies = new Map();
    /** @type {Set<string> | null} */
    this.highlighted = null; // ids of the focused node and its neighbours; null when nothing is focused
    this.focus = "";
    /** @type {View} */
    this.view = "gaps";
    /** @type {Orientation} */
    this.orientation = "wide";
    /** @type {Highlights} */
    this.highlights = { path: [], steps: [], alike: [], groups: {}, sizes: {} };
    /** @type {Set<string>} */
    this.namedIds = new Set(); // ids of the marks whose names fit
    /** @type {Edge[]} */
    this.hoverEdges = []; // edges of the node under the pointer
    this.colors = currentColors();
    this.font = getComputedStyle(document.body).fontFamily;
  }

  /** Read the colours and the font again: the reader may have changed between light and dark. */
  refreshColors() {
    this.colors = currentColors();
    this.font = getComputedStyle(document.body).fontFamily;
  }

  /**
   * A node as vis-network wants it: how to draw it, and how large it is.
   * @param {VisRenderRequest} request
   */
  render({ ctx, id, x, y, state }) {
    const node = this.drawing.nodes.get(id);
    if (!node) return { drawNode() {}, nodeDimensions: { width: 1, height: 1 } };
    const { draw: drawNode, label: drawExternalLabel, width, height } = this.#markOf(ctx, node, { x, y }, state.hover);
    return { drawNode, drawExternalLabel, nodeDimensions: { width: Math.max(width, POINTER_SIZE), height: Math.max(height, POINTER_SIZE) } };
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {DrawnNode} node
   * @param {Point} at
   * @param {boolean} hover
   * @returns {Mark}
   */
  #markOf(ctx, node, at, hover) {
    const drawing = /** @type {Drawing} */ (this.drawing);
    if (isChart(drawing)) {
      if (node.group === "column") return columnHeading(this, drawing, ctx, node, at, hover);
      return profileRow(this, drawing, ctx, node, at, hover);
    }
    const tally = this.tallies.get(node.id) ?? { count: 0, kind: "" };
    if (node.group === "participant") return this.#participant(ctx, node, tally, at, hover);
    if (node.group === "body") return this.#body(ctx, node, tally, at, hover);
    return this.#instrument(ctx, node, tally, at, hover);
  }

  // -- participants -----------------------------------------------------------------------------------------

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {DrawnNode} node
   * @param {Tally} tally
   * @param {Point} at
   * @param {boolean} hover
   * @returns {Mark}
   */
  #participant(ctx, node, tally, at, hover) {
    const group = this.highlights.groups[node.id];
    const radius = group ? 6.2 : this.#participantRadius(node, tally);
    const draw = () => {
      ctx.globalAlpha = this.#opacityOf(node.id, tally);
      if (group) this.#groupNumber(ctx, group, at, radius);
      else this.#dot(ctx, tally, at, radius);
      this.#participantName(ctx, node, at, radius, hover);
    };
    return { draw, width: 2 * radius + 3, height: 2 * radius + 3 };
  }

  /**
   * @param {DrawnNode} node
   * @param {Tally} tally
   */
  #participantRadius(node, { count }) {
    const size = this.highlights.sizes[node.id];
    if (size !== undefined) return 1.5 + 6.5 * size;
    if (node.share !== undefined) return 2 + 5.5 * node.share;
    return count ? Math.min(7, 2.6 + (this.view === "gaps" ? 0.8 : 0.25) * count) : 2.4;
  }

  /**
   * A participant of a group: its number says what its colour says.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} group
   * @param {Point} at
   * @param {number} radius
   */
  #groupNumber(ctx, group, { x, y }, radius) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = this.tint(group - 1);
    ctx.fill();
    ctx.fillStyle = this.colors.paper;
    ctx.font = `700 9px ${this.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(String(group), x, y + 0.5);
  }

  /**
   * The colour of a group or chapter by its number; those beyond the last share one.
   * @param {number} number
   */
  tint(number) {
    return this.colors[TINTS[number] ?? "none"];
  }

  /**
   * A mark whose shape tells the kind: a diamond for signed only, a cross for withdrawn, else a dot.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Tally} tally
   * @param {Point} at
   * @param {number} radius
   */
  #dot(ctx, { count, kind }, { x, y }, radius) {
    ctx.beginPath();
    if (kind === "signed-only" || kind === "signatory") {
      const reach = radius * 1.25;
      ctx.moveTo(x, y - reach);
      ctx.lineTo(x + reach, y);
      ctx.lineTo(x, y + reach);
      ctx.lineTo(x - reach, y);
      ctx.closePath();
    } else if (CROSSED_KINDS.has(kind)) {
      ctx.moveTo(x - radius, y - radius);
      ctx.lineTo(x + radius, y + radius);
      ctx.moveTo(x + radius, y - radius);
      ctx.lineTo(x - radius, y + radius);
    } else {
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
    }
    ctx.strokeStyle = ctx.fillStyle = this.colors[kind ? lineStyle(kind).color : "none"];
    ctx.lineWidth = CROSSED_KINDS.has(kind) ? 2 : 1;
    if (count) ctx.fill();
    ctx.stroke();
  }

  /**
   * The name along the radius, outwards where there is room, upright; left out where it could not be read.
   * @param {CanvasRenderingContext2D} ctx
   * @param {DrawnNode} node
   * @param {Point} at
   * @param {number} radius
   * @param {boolean} hover
   */
  #participantName(ctx, node, at, radius, hover) {
    const isNamed = hover || (this.highlighted ? this.highlighted.has(node.id) : this.namedIds.has(node.id));
    const many = this.highlighted !== null && this.highlighted.size > 40;
    const size = isNamed ? Math.max(NAME_SIZE, (many ? 8 : 10) / this.scale()) : NAME_SIZE;
    if (!isNamed && size * this.scale() < LEGIBLE_SIZE) return;
    ctx.font = `${hover || node.id === this.focus ? "600 " : ""}${size}px ${this.font}`;
    ctx.fillStyle = this.colors.ink;
    ctx.strokeStyle = this.colors.paper;
    ctx.lineWidth = this.namesPointInwards ? 4 : 1;
    this.#textAlongRadius(ctx, node.label, at, node.angle + this.#inwardTurn, radius + 5);
  }

  /** Names turn inwards, over the lines, where the ring fills the width. */
  get namesPointInwards() {
    return this.orientation === "tall";
  }

  get #inwardTurn() {
    return this.namesPointInwards ? Math.PI : 0;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {string} text
   * @param {Point} at
   * @param {number} angle
   * @param {number} gap
   */
  #textAlongRadius(ctx, text, { x, y }, angle, gap) {
    const upsideDown = Math.cos(angle) < -1e-6;
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(upsideDown ? angle + Math.PI : angle);
    ctx.textAlign = upsideDown ? "right" : "left";
    ctx.textBaseline = "middle";
    if (ctx.lineWidth > 1) ctx.strokeText(text, upsideDown ? -gap : gap, 0); // a halo
    ctx.fillText(text, upsideDown ? -gap : gap, 0);
    ctx.restore();
  }

  /**
   * @param {string} id
   * @param {Tally} tally
   */
  #opacityOf(id, { count }) {
    if (this.highlighted) return this.highlighted.has(id) ? 1 : 0.18;
    return count ? 1 : 0.6;
  }

  // -- instruments ------------------------------------------------------------------------------------------

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {DrawnNode} node
   * @param {Tally} tally
   * @param {Point} at
   * @param {boolean} hover
   * @returns {Mark}
   */
  #instrument(ctx, node, tally, at, hover) {
    if (node.small && this.focus !== node.id && !hover) return smallMark(this, ctx, node, at);
    const isShort = this.scale() < SHORT_NAME_SCALE && node.id !== this.focus;
    const name = isShort ? [shortName(node.label)] : wrapText(node.label, 15);
    const lines = [...name, ...(isShort && this.view !== "changes" ? [] : this.#instrumentCounts(node, tally))];
    const size = Math.max(10.5, 7.5 / this.scale());
    ctx.font = `600 ${size}px ${this.font}`;
    const width = Math.max(...lines.map((line) => ctx.measureText(line).width)) + 12;
    const height = lines.length * size * 1.2 + 8;
    const draw = () => {
      ctx.globalAlpha = this.highlighted && !this.highlighted.has(node.id) ? 0.35 : 1;
      const centrality = this.highlights.sizes[node.id];
      if (centrality !== undefined) this.#halo(ctx, at, width, height, centrality);
      this.#box(ctx, at, width, height, node, hover);
      this.#boxText(ctx, lines, name.length, at, size);
    };
    return { draw, width, height };
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Point} at
   * @param {number} width
   * @param {number} height
   * @param {number} share
   */
  #halo(ctx, { x, y }, width, height, share) {
    const margin = 2 + 12 * share;
    ctx.fillStyle = this.colors["line-strong"];
    ctx.beginPath();
    ctx.roundRect(x - width / 2 - margin, y - height / 2 - margin, width + 2 * margin, height + 2 * margin, 3 + margin);
    ctx.globalAlpha *= 0.45;
    ctx.fill();
    ctx.globalAlpha /= 0.45;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Point} at
   * @param {number} width
   * @param {number} height
   * @param {DrawnNode} node
   * @param {boolean} hover
   */
  #box(ctx, { x, y }, width, height, node, hover) {
    ctx.beginPath();
    ctx.roundRect(x - width / 2, y - height / 2, width, height, 3);
    ctx.fillStyle = this.colors.paper;
    ctx.fill();
    ctx.strokeStyle = this.colors.ink;
    ctx.lineWidth = hover || node.id === this.focus ? 2.4 : 1.1;
    ctx.setLineDash(node.facts["In force for"] ? [] : [4, 3]); // dashed until it is in force for somebody
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {string[]} lines
   * @param {number} nameLines how many of them are the name
   * @param {Point} at
   * @param {number} size
   */
  #boxText(ctx, lines, nameLines, { x, y }, size) {
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    lines.forEach((line, i) => {
      const isName = i < nameLines;
      ctx.font = `${isName ? 600 : 400} ${isName ? size : size * 0.95}px ${this.font}`;
      ctx.fillStyle = isName ? this.colors.ink : this.colors.soft;
      ctx.fillText(line, x, y + (i - (lines.length - 1) / 2) * size * 1.2);
    });
  }

  /**
   * What stands under an instrument's name: its parties, among the gaps how many are missing, what changed.
   * @param {DrawnNode} node
   * @param {Tally} tally
   */
  #instrumentCounts(node, tally) {
    if (this.view === "changes") return node.tally ? [node.tally] : [];
    const parties = `${node.facts.Parties} part${node.facts.Parties === 1 ? "y" : "ies"}`;
    return this.view === "gaps" && tally.count ? [parties, `${tally.count} missing`] : [parties];
  }

  // -- bodies -----------------------------------------------------------------------------------------------

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {DrawnNode} node
   * @param {Tally} tally
   * @param {Point} at
   * @param {boolean} hover
   * @returns {Mark}
   */
  #body(ctx, node, tally, { x, y }, hover) {
    const draw = () => {
      const isNamed = hover || Boolean(this.highlighted?.has(node.id));
      ctx.globalAlpha = isNamed ? 1 : this.highlighted ? 0.2 : this.view === "gaps" ? 0.45 : 1;
      ctx.beginPath();
      ctx.moveTo(x, y - 4.5);
      ctx.lineTo(x + 4.5, y + 3.5);
      ctx.lineTo(x - 4.5, y + 3.5);
      ctx.closePath();
      ctx.fillStyle = node.id === this.focus ? this.colors.ink : this.colors.soft;
      ctx.fill();
      this.#bodyName(ctx, node, tally, { x, y: y + 5 }, hover, isNamed);
    };
    return { draw, width: 12, height: 12 };
  }

  /**
   * The centre is full of bodies: most names wait until the reader zooms in.
   * @param {CanvasRenderingContext2D} ctx
   * @param {DrawnNode} node
   * @param {Tally} tally
   * @param {Point} at
   * @param {boolean} hover
   * @param {boolean} isNamed
   */
  #bodyName(ctx, node, tally, { x, y }, hover, isNamed) {
    const isEgo = this.view === "ego";
    const size = isNamed || isEgo ? Math.max(8, 9 / this.scale()) : 8;
    const isCrowded = !isEgo && (this.view === "gaps" || tally.count < BUSY_BODY);
    if (size * this.scale() < (isCrowded && !isNamed ? 10 : LEGIBLE_SIZE)) return;
    ctx.font = `${hover ? "600 " : ""}${size}px ${this.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.strokeStyle = this.colors.paper;
    ctx.lineWidth = 2.5;
    ctx.strokeText(node.label, x, y);
    ctx.fillStyle = this.colors.ink;
    ctx.fillText(node.label, x, y);
  }

  // -- behind the nodes -------------------------------------------------------------------------------------

  /**
   * Draw what lies behind everything: a ring's regions, the circles round one node, the edges of the node under the
   * pointer, the shortest path.
   * @param {CanvasRenderingContext2D} ctx
   */
  drawBackground(ctx) {
    ctx.save();
    for (const region of this.drawing.regions) this.#region(ctx, region);
    for (const { wide, high } of this.drawing.rings) {
      ctx.strokeStyle = this.colors.line;
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.ellipse(0, 0, wide, high, 0, 0, 2 * Math.PI);
      ctx.stroke();
    }
    for (const edge of this.hoverEdges) this.#line(ctx, edge.kind, edge);
    for (const step of this.highlights.steps) this.#line(ctx, "way", step);
    ctx.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {EdgeKind} kind
   * @param {{ from: string, to: string }} ends
   */
  #line(ctx, kind, { from, to }) {
    const [one, other] = [this.drawing.nodes.get(from), this.drawing.nodes.get(to)];
    if (one && other) strokeLine(ctx, kind, one, other, this.colors);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Region} region
   */
  #region(ctx, region) {
    ctx.strokeStyle = this.colors.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    region.arc.forEach(([x, y]) => ctx.lineTo(x, y));
    ctx.stroke();
    ctx.fillStyle = this.colors.ink;
    ctx.font = `700 ${Math.max(14, 11 / this.scale())}px ${this.font}`;
    this.#textAlongRadius(ctx, region.name, region, region.angle + this.#inwardTurn, 2);
  }
}

/**
 * A text in lines of about so many letters, broken between words.
 * @param {string} text
 * @param {number} length
 */
export function wrapText(text, length) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < length) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * The first word of a label that tells it from others, cut where it is long.
 * @param {string} label
 */
export function shortName(label) {
  const word = label.split(" ").find((each) => !ABBREVIATIONS.has(each)) ?? label;
  return word.length > 11 ? `${word.slice(0, 10)}…` : word;
}

/**
 * Is a point on a participant's name? Names stand outside their mark, so vis-network cannot tell.
 * @param {DrawnNode} node
 * @param {Point} point
 */
export function isOnName(node, { x, y }) {
  const [dx, dy] = [x - node.x, y - node.y];
  const along = dx * Math.cos(node.angle) + dy * Math.sin(node.angle);
  const across = dy * Math.cos(node.angle) - dx * Math.sin(node.angle);
  return along > 0 && along < 12 + node.label.length * 5.4 && Math.abs(across) < 5.5;
}
