// Instruments where there are very many: small marks, with names where they fit.

/** @import { DrawnNode, Mark, Point } from "./network-types.js" */
/** @import { Painter } from "./network-painter.js" */

const NAME_SIZE = 9; // pixels
const FEW = 60; // up to so many highlighted marks are all named
const MOST_NAMES_ON_RING = 10; // names on a narrow ring
const RING_NAME_DISTANCE = 22; // pixels between their marks
const LONGEST_RING_NAME = 16; // letters; longer names would reach across the ring
const LETTER_WIDTH = 5.6; // pixels of one letter of such a name, about
const HALF_BOX = [36, 15]; // half the width and height of an instrument's box, about

/** @typedef {{ left: number, right: number, top: number, bottom: number }} Box */

/**
 * One of very many instruments: a mark, the larger the more parties it has.
 * @param {Painter} painter
 * @param {CanvasRenderingContext2D} ctx
 * @param {DrawnNode} node
 * @param {Point} at
 * @returns {Mark}
 */
export function smallMark(painter, ctx, node, { x, y }) {
  const radius = radiusOf(painter, node);
  const opacity = painter.highlighted && !painter.highlighted.has(node.id) ? 0.25 : 1;
  const draw = () => {
    ctx.globalAlpha = opacity;
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = painter.colors.paper;
    ctx.fill();
    ctx.strokeStyle = node.tint === undefined ? painter.colors.ink : painter.tint(node.tint);
    ctx.lineWidth = node.tint === undefined ? 1 : 2;
    ctx.stroke();
  };
  const label = () => { // after all marks, so that none covers a name
    ctx.globalAlpha = opacity;
    drawName(painter, ctx, node, { x, y: y + radius + 1 });
  };
  return { draw, label, width: 2 * radius, height: 2 * radius };
}

/**
 * @param {Painter} painter
 * @param {CanvasRenderingContext2D} ctx
 * @param {DrawnNode} node
 * @param {Point} at
 */
function drawName(painter, ctx, node, { x, y }) {
  const { highlighted, namedIds } = painter;
  const fits = namedIds.has(node.id);
  if (highlighted ? !highlighted.has(node.id) || (highlighted.size >= FEW && !fits) : !fits) return;
  ctx.font = `600 ${NAME_SIZE / painter.scale()}px ${painter.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = painter.colors.ink;
  ctx.strokeStyle = painter.colors.paper;
  ctx.lineWidth = 2.5 / painter.scale();
  ctx.strokeText(nameOf(node), x, y);
  ctx.fillText(nameOf(node), x, y);
}

/**
 * Choose which marks are named at this scale: the larger ones first, and no name over another name or over a mark of
 * the same size. Where the size of marks counts something, names may cover the small ones: readers look for the large.
 * @param {Painter} painter
 */
export function chooseNames(painter) {
  const scale = painter.scale();
  const nodes = [...painter.drawing.nodes.values()].filter((node) => node.small);
  const marks = nodes.map((node) => ({ share: node.share ?? 0, box: squareAround(node, radiusOf(painter, node)) }));
  /** @type {Box[]} */
  const boxes = [];
  /** @type {string[]} */
  const ids = [];
  for (const node of nodes.sort((one, other) => (other.share ?? 0) - (one.share ?? 0))) {
    const [half, radius] = [(nameOf(node).length * NAME_SIZE * 0.34) / scale, radiusOf(painter, node)];
    const top = node.y + radius;
    const box = { left: node.x - half, right: node.x + half, top: top + 0.5, bottom: top + (NAME_SIZE + 1) / scale };
    const least = node.most ? (node.share ?? 0) * 0.7 : 0;
    if (boxes.some((other) => overlaps(box, other)) || marks.some((mark) => mark.share >= least && overlaps(box, mark.box))) continue;
    boxes.push(box);
    ids.push(node.id);
  }
  painter.namedIds = new Set([...ids, ...busiestOnRing(painter)]);
}

/**
 * Where a narrow ring leaves no room for all names: the participants with most edges, as many as do not crowd each other.
 * @param {Painter} painter
 */
function busiestOnRing(painter) {
  const { drawing, tallies, orientation } = painter;
  if (orientation !== "tall") return [];
  const scale = painter.scale();
  const nodes = [...drawing.nodes.values()];
  /** @param {DrawnNode} node */
  const countOf = ({ id }) => tallies.get(id)?.count ?? 0;
  const candidates = nodes.filter((node) => node.group === "participant" && node.label.length <= LONGEST_RING_NAME && countOf(node));
  const instruments = nodes.filter((node) => node.group === "instrument" && !node.small);
  /** @type {DrawnNode[]} */
  const chosen = [];
  for (const node of candidates.sort((one, other) => countOf(other) - countOf(one))) {
    if (chosen.length === MOST_NAMES_ON_RING) break;
    const crowded = chosen.some(({ x, y }) => Math.hypot(x - node.x, y - node.y) * scale <= RING_NAME_DISTANCE);
    if (!crowded && (!chosen.length || !runsIntoBox(instruments, node, scale))) chosen.push(node); // the first in any case
  }
  return chosen.map(({ id }) => id);
}

/**
 * Does a name, written from its mark towards the middle, run into the box of an instrument?
 * @param {Point[]} instruments
 * @param {DrawnNode} node
 * @param {number} scale
 */
function runsIntoBox(instruments, { x, y, label }, scale) {
  const reach = (label.length * LETTER_WIDTH) / scale / Math.hypot(x, y);
  const points = [0.2, 0.4, 0.6, 0.8, 1].map((part) => ({ x: x * (1 - part * reach), y: y * (1 - part * reach) }));
  const [halfWidth = 0, halfHeight = 0] = HALF_BOX.map((half) => half / scale);
  return instruments.some((box) => points.some((point) => Math.abs(point.x - box.x) < halfWidth && Math.abs(point.y - box.y) < halfHeight));
}

/**
 * The name, and what changed between two dates.
 * @param {DrawnNode} node
 */
function nameOf({ label, tally }) {
  return tally ? `${label} ${tally}` : label;
}

/**
 * @param {Painter} painter
 * @param {DrawnNode} node
 */
function radiusOf({ highlights }, node) {
  const share = highlights.sizes[node.id] ?? node.share;
  return share === undefined ? 3.2 : 3 + 7 * Math.sqrt(share);
}

/**
 * @param {Point} middle
 * @param {number} radius
 * @returns {Box}
 */
function squareAround({ x, y }, radius) {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

/**
 * @param {Box} one
 * @param {Box} other
 */
function overlaps(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
