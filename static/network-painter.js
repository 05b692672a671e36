// How marks and names look: shape says what colour says. Lines are network-line-styles.js, the profiles' rows
// network-profile-chart.js, crowds of instruments network-small-marks.js. Colours are the style sheet's tokens.

import { column, profile } from "./network-profile-chart.js";
import { inks, LINES, stroke } from "./network-line-styles.js";
import { spot } from "./network-small-marks.js";

const NAME_SIZE = 10.5; // of a participant's name, in the picture's own units
const LEGIBLE = 6.5; // below so many pixels on the screen names are left out
const CATCH = 9; // the least size that a pointer can catch
const SMALL = 0.6; // at smaller scales instruments have room for a word and a number only
const BUSY = 25; // ties that make a body's name worth its room
const CROSSED = new Set(["left", "withdrawn", "lost"]);
const TINTS = ["region-europe", "region-africa", "region-americas", "region-asia", "region-oceania", "withdrawn", "none"];

export class Painter {
  /** `scale` gives the picture's scale. */
  constructor(scale) {
    this.scale = scale;
    this.drawing = { nodes: new Map(), regions: [], rings: [] };
    this.marks = new Map(); // of each node: how many edges it has, and the weightiest kind
    this.lit = null; // ids of the focused node and its neighbours; null when nothing is focused
    this.focus = "";
    this.view = "gaps";
    this.shape = "wide";
    this.answers = { path: [], steps: [], alike: [], groups: {}, sizes: {} };
    this.named = new Set(); // ids of the small marks whose names fit
    this.over = []; // edges under the pointer
    this.refresh();
  }

  /** Read the tokens again: the reader may have changed between light and dark. */
  refresh() {
    this.ink = inks();
    this.font = getComputedStyle(document.body).fontFamily;
  }

  /** A node as vis-network wants it: how to draw it, and how large it is. */
  render({ ctx, id, x, y, state }) {
    const node = this.drawing.nodes.get(id);
    if (!node) return { drawNode() {}, nodeDimensions: { width: 1, height: 1 } };
    const mark = this.marks.get(id) ?? { count: 0, kind: "" };
    const { draw: drawNode, label: drawExternalLabel, width, height } = this.drawer(node.group)(ctx, node, mark, x, y, state.hover);
    return { drawNode, drawExternalLabel, nodeDimensions: { width: Math.max(width, CATCH), height: Math.max(height, CATCH) } };
  }

  drawer(group) {
    if (group === "column") return (...given) => column(this, ...given);
    if (group === "profile") return (...given) => profile(this, ...given);
    return this[group].bind(this);
  }

  participant(ctx, node, mark, x, y, hover) {
    const [group, share] = [this.answers.groups[node.id], this.answers.sizes[node.id]];
    const plain = node.share !== undefined ? 2 + 5.5 * node.share : mark.count ? Math.min(7, 2.6 + (this.view === "gaps" ? 0.8 : 0.25) * mark.count) : 2.4;
    const r = group ? 6.2 : share === undefined ? plain : 1.5 + 6.5 * share;
    const draw = () => {
      ctx.globalAlpha = this.strength(node.id, mark);
      if (group) this.numbered(ctx, group, x, y, r);
      else this.dot(ctx, mark, x, y, r);
      this.name(ctx, node, mark, x, y, r, hover);
    };
    return { draw, width: 2 * r + 3, height: 2 * r + 3 };
  }

  /** A participant of a group: its number says what its tint says. */
  numbered(ctx, group, x, y, r) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = this.tint(group - 1);
    ctx.fill();
    ctx.fillStyle = this.ink.paper;
    ctx.font = `700 9px ${this.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(String(group), x, y + 0.5);
  }

  tint(number) {
    return this.ink[TINTS[Math.min(number, TINTS.length - 1)]];
  }

  dot(ctx, { count, kind }, x, y, r) {
    const ink = this.ink[LINES[kind]?.ink ?? "none"];
    ctx.beginPath();
    if (kind === "signed-only" || kind === "signatory") {
      ctx.moveTo(x, y - r * 1.25);
      ctx.lineTo(x + r * 1.25, y);
      ctx.lineTo(x, y + r * 1.25);
      ctx.lineTo(x - r * 1.25, y);
      ctx.closePath();
    } else if (CROSSED.has(kind)) {
      ctx.moveTo(x - r, y - r);
      ctx.lineTo(x + r, y + r);
      ctx.moveTo(x + r, y - r);
      ctx.lineTo(x - r, y + r);
    } else {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
    }
    ctx.strokeStyle = ctx.fillStyle = ink;
    ctx.lineWidth = CROSSED.has(kind) ? 2 : 1;
    if (count) ctx.fill();
    ctx.stroke();
  }

  /** The name along the radius, outwards where there is room, upright; left out where it could not be read. */
  name(ctx, node, mark, x, y, r, hover) {
    const called = hover || (this.lit ? this.lit.has(node.id) : this.named.has(node.id));
    const size = called ? Math.max(NAME_SIZE, (this.lit?.size > 40 ? 8 : 10) / this.scale()) : NAME_SIZE;
    if (!called && size * this.scale() < LEGIBLE) return;
    ctx.font = `${hover || node.id === this.focus ? "600 " : ""}${size}px ${this.font}`;
    ctx.fillStyle = this.ink.ink;
    ctx.strokeStyle = this.ink.paper;
    ctx.lineWidth = this.inwards ? 4 : 1;
    this.along(ctx, node.label, x, y, node.angle + this.inwards, r + 5);
  }

  /** Names turn inwards, over the lines, where the ring fills the width. */
  get inwards() {
    return this.shape === "tall" ? Math.PI : 0;
  }

  along(ctx, text, x, y, angle, gap) {
    const over = Math.cos(angle) < -1e-6;
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(over ? angle + Math.PI : angle);
    ctx.textAlign = over ? "right" : "left";
    ctx.textBaseline = "middle";
    if (ctx.lineWidth > 1) ctx.strokeText(text, over ? -gap : gap, 0); // a halo
    ctx.fillText(text, over ? -gap : gap, 0);
    ctx.restore();
  }

  instrument(ctx, node, mark, x, y, hover) {
    if (node.small && this.focus !== node.id && !hover) return spot(this, ctx, node, x, y);
    const small = this.scale() < SMALL && node.id !== this.focus;
    const name = small ? [oneWord(node.label)] : wrapped(node.label, 15);
    const lines = [...name, ...(small && this.view !== "changes" ? [] : this.tallies(node, mark))];
    const size = Math.max(10.5, 7.5 / this.scale());
    ctx.font = `600 ${size}px ${this.font}`;
    const width = Math.max(...lines.map((line) => ctx.measureText(line).width)) + 12;
    const height = lines.length * size * 1.2 + 8;
    const draw = () => {
      ctx.globalAlpha = this.lit && !this.lit.has(node.id) ? 0.35 : 1;
      if (this.answers.sizes[node.id] !== undefined) this.halo(ctx, x, y, width, height, this.answers.sizes[node.id]);
      this.box(ctx, x - width / 2, y - height / 2, width, height, node, hover);
      this.lines(ctx, lines, name.length, x, y, size);
    };
    return { draw, width, height };
  }

  halo(ctx, x, y, width, height, share) {
    const by = 2 + 12 * share;
    ctx.fillStyle = this.ink["line-strong"];
    ctx.beginPath();
    ctx.roundRect(x - width / 2 - by, y - height / 2 - by, width + 2 * by, height + 2 * by, 3 + by);
    ctx.globalAlpha *= 0.45;
    ctx.fill();
    ctx.globalAlpha /= 0.45;
  }

  box(ctx, left, top, width, height, node, hover) {
    ctx.beginPath();
    ctx.roundRect(left, top, width, height, 3);
    ctx.fillStyle = this.ink.paper;
    ctx.fill();
    ctx.strokeStyle = this.ink.ink;
    ctx.lineWidth = hover || node.id === this.focus ? 2.4 : 1.1;
    ctx.setLineDash(node.facts.bound ? [] : [4, 3]); // dashed until it is in force for somebody
    ctx.stroke();
    ctx.setLineDash([]);
  }

  lines(ctx, lines, names, x, y, size) {
    const step = size * 1.2;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    lines.forEach((line, i) => {
      const tally = i >= names;
      ctx.font = `${tally ? 400 : 600} ${tally ? size * 0.95 : size}px ${this.font}`;
      ctx.fillStyle = tally ? this.ink.soft : this.ink.ink;
      ctx.fillText(line, x, y + (i - (lines.length - 1) / 2) * step);
    });
  }

  /** What stands under an instrument's name: its parties, among the gaps how many are missing, what two days changed. */
  tallies(node, mark) {
    if (this.view === "changes") return node.tally ? [node.tally] : [];
    const parties = `${node.facts.parties} part${node.facts.parties === 1 ? "y" : "ies"}`;
    return this.view === "gaps" && mark.count ? [parties, `${mark.count} missing`] : [parties];
  }

  body(ctx, node, mark, x, y, hover) {
    const draw = () => {
      const called = hover || this.lit?.has(node.id);
      ctx.globalAlpha = called ? 1 : this.lit ? 0.2 : this.view === "gaps" ? 0.45 : 1;
      ctx.beginPath();
      ctx.moveTo(x, y - 4.5);
      ctx.lineTo(x + 4.5, y + 3.5);
      ctx.lineTo(x - 4.5, y + 3.5);
      ctx.closePath();
      ctx.fillStyle = node.id === this.focus ? this.ink.ink : this.ink.soft;
      ctx.fill();
      const own = this.view === "ego";
      const size = called || own ? Math.max(8, 9 / this.scale()) : 8;
      const crowded = !own && (this.view === "gaps" || mark.count < BUSY); // the centre is full: most names wait for the zoom
      if (size * this.scale() < (crowded && !called ? 10 : LEGIBLE)) return;
      ctx.font = `${hover ? "600 " : ""}${size}px ${this.font}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "top";
      ctx.strokeStyle = this.ink.paper;
      ctx.lineWidth = 2.5;
      ctx.strokeText(node.label, x, y + 5);
      ctx.fillStyle = this.ink.ink;
      ctx.fillText(node.label, x, y + 5);
    };
    return { draw, width: 12, height: 12 };
  }

  /** What lies behind everything: a ring's regions, the circles round one node, ties under the pointer, the way found. */
  background(ctx) {
    ctx.save();
    for (const region of this.drawing.regions) this.region(ctx, region);
    for (const ring of this.drawing.rings) this.ring(ctx, ring);
    const steps = this.answers.steps.map((step) => ({ ...step, kind: "way" }));
    for (const edge of [...this.over, ...steps]) {
      const [one, other] = [this.drawing.nodes.get(edge.from), this.drawing.nodes.get(edge.to)];
      if (one && other) stroke(ctx, edge, one, other, this.ink);
    }
    ctx.restore();
  }

  region(ctx, region) {
    ctx.strokeStyle = this.ink.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    region.arc.forEach(([x, y]) => ctx.lineTo(x, y));
    ctx.stroke();
    ctx.fillStyle = this.ink.ink;
    ctx.font = `700 ${Math.max(14, 11 / this.scale())}px ${this.font}`;
    this.along(ctx, region.name, region.x, region.y, region.angle + this.inwards, 2);
  }

  ring(ctx, { wide, high }) {
    ctx.strokeStyle = this.ink.line;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.ellipse(0, 0, wide, high, 0, 0, 2 * Math.PI);
    ctx.stroke();
  }

  strength(id, mark) {
    if (this.lit) return this.lit.has(id) ? 1 : 0.18;
    return mark.count ? 1 : 0.6;
  }
}

/** A label in lines of about so many letters, broken between words. */
function wrapped(label, most) {
  const lines = [];
  for (const word of label.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A label in one word, cut where it is long. */
function oneWord(label) {
  const [word] = label.split(" ").filter((each) => !["UN", "CoE", "1988"].includes(each) || label === each);
  return word.length > 11 ? `${word.slice(0, 10)}…` : word;
}

/** Is a point on a participant's name? Names stand outside their mark, so vis-network does not know. */
export function onName(node, { x, y }) {
  const [dx, dy] = [x - node.x, y - node.y];
  const along = dx * Math.cos(node.angle) + dy * Math.sin(node.angle);
  const aside = dy * Math.cos(node.angle) - dx * Math.sin(node.angle);
  return along > 0 && along < 12 + node.label.length * 5.4 && Math.abs(aside) < 5.5;
}
