// How each kind of line looks: colour, width, opacity and dashes, so that colour is never the only difference.
// The server's static pictures draw the lines in the same way.

/** @import { Edge, EdgeKind, Point } from "./network-types.js" */

const COLORS = /** @type {const} */ ([
  "paper", "ink", "soft", "line", "line-strong", "party", "contracting-party", "provisional", "signatory", "withdrawn", "none",
  "error", "warning", "focus", "region-africa", "region-americas", "region-asia", "region-europe", "region-oceania",
]);
const DIMMED_OPACITY = 0.1;

/** @typedef {(typeof COLORS)[number]} ColorName */
/** @typedef {Record<ColorName, string>} Colors */
/** @typedef {{ color: ColorName, width: number, opacity: number, dashes?: number[] }} LineStyle */

// in the order in which they are drawn, the most important last
export const LINE_STYLES = /** @satisfies {Record<string, LineStyle>} */ ({
  assessed: { color: "warning", width: 0.8, opacity: 0.7, dashes: [8, 2, 1.5, 2, 1.5, 2] },
  member: { color: "line-strong", width: 0.5, opacity: 0.3 },
  "never-signed": { color: "none", width: 0.7, opacity: 0.6 },
  "convention-alone": { color: "none", width: 0.9, opacity: 0.65, dashes: [9, 3, 2, 3] },
  party: { color: "party", width: 0.6, opacity: 0.3 },
  alike: { color: "party", width: 1, opacity: 0.55 },
  "contracting-party": { color: "contracting-party", width: 1, opacity: 0.6, dashes: [12, 4] },
  "part-of": { color: "soft", width: 0.6, opacity: 0.5, dashes: [2, 2] },
  watches: { color: "ink", width: 0.6, opacity: 0.4 },
  "protocol-of": { color: "ink", width: 2, opacity: 0.9 },
  objection: { color: "error", width: 1.8, opacity: 1, dashes: [10, 3] },
  gained: { color: "party", width: 1.2, opacity: 0.75 },
  changed: { color: "contracting-party", width: 1.2, opacity: 0.8, dashes: [10, 3, 2, 3] },
  "applies-provisionally": { color: "provisional", width: 1.2, opacity: 0.9, dashes: [7, 3, 2, 3] },
  "provisional-only": { color: "provisional", width: 1.4, opacity: 0.95, dashes: [7, 3, 2, 3] },
  signatory: { color: "signatory", width: 1.2, opacity: 0.9, dashes: [5, 4] },
  "signed-only": { color: "signatory", width: 1.4, opacity: 0.95, dashes: [5, 4] },
  "protocol-alone": { color: "error", width: 1.4, opacity: 1, dashes: [3, 2] },
  withdrawn: { color: "withdrawn", width: 1.8, opacity: 1, dashes: [1.5, 4] },
  left: { color: "withdrawn", width: 1.8, opacity: 1, dashes: [1.5, 4] },
  lost: { color: "withdrawn", width: 1.6, opacity: 1, dashes: [5, 4] },
  way: { color: "focus", width: 3.5, opacity: 1 },
});

const ORDER = new Map(Object.keys(LINE_STYLES).map((kind, index) => [kind, index]));

/**
 * @param {EdgeKind} kind
 * @returns {LineStyle}
 */
export function lineStyle(kind) {
  return LINE_STYLES[kind];
}

/**
 * How important a kind of line is: the higher ones are drawn over the lower ones.
 * @param {EdgeKind | ""} kind
 */
export function importance(kind) {
  return ORDER.get(kind) ?? -1;
}

/**
 * The style sheet's colours by name, as they are now: light or dark.
 * @returns {Colors}
 */
export function currentColors() {
  const style = getComputedStyle(document.documentElement);
  return /** @type {Colors} */ (Object.fromEntries(COLORS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
}

/**
 * An edge's options for vis-network.
 * @param {Edge} edge
 * @param {Colors} colors
 * @param {object} [look]
 * @param {boolean} [look.highlighted]
 * @param {boolean} [look.dimmed]
 * @param {number} [look.visibility] between 0 and 1 while it fades in or out
 * @param {boolean} [look.strong] are all lines to be well visible?
 */
export function edgeOptions(edge, colors, { highlighted = false, dimmed = false, visibility = 1, strong = false } = {}) {
  const line = lineStyle(edge.kind);
  const width = edge.kind === "alike" ? 0.6 + 4 * (edge.share ?? 0) : strong ? Math.max(line.width, 0.9) : line.width;
  const opacity = strong ? Math.max(line.opacity, 0.6) : line.opacity;
  return {
    color: { color: colors[line.color], opacity: visibility * (dimmed ? opacity * DIMMED_OPACITY : highlighted ? 1 : opacity) },
    width: highlighted ? width * 1.8 : width,
    dashes: line.dashes ?? false,
  };
}

/**
 * Draw a line without vis-network, for those that come and go under the pointer.
 * @param {CanvasRenderingContext2D} ctx
 * @param {EdgeKind} kind
 * @param {Point} from
 * @param {Point} to
 * @param {Colors} colors
 */
export function strokeLine(ctx, kind, from, to, colors) {
  const line = lineStyle(kind);
  ctx.save();
  ctx.strokeStyle = colors[line.color];
  ctx.lineWidth = Math.max(1.2, line.width * 1.8);
  ctx.setLineDash(line.dashes ?? []);
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  ctx.stroke();
  ctx.restore();
}
