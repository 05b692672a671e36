// The profiles as a chart: a row for each, with a dot in the column of every instrument, a bar as long as the number
// of its participants, and as many of their names as fit.

/** @import { ChartDrawing, Drawing, DrawnNode, Mark, Point } from "./network-types.js" */
/** @import { Painter } from "./network-painter.js" */

const LONGEST_BAR_TALL = 110; // where the picture is narrow
const NAMES_LENGTH = 46; // letters of names beside a bar
const HEADING_LEAN = 0.58; // headings lean to the right by so much for each unit of height

/**
 * Is this the drawing of a chart?
 * @param {Drawing} drawing
 * @returns {drawing is ChartDrawing}
 */
export function isChart(drawing) {
  return drawing.column !== undefined;
}

/**
 * The heading of an instrument's column, on a slant.
 * @param {Painter} painter
 * @param {ChartDrawing} chart
 * @param {CanvasRenderingContext2D} ctx
 * @param {DrawnNode} node
 * @param {Point} at
 * @param {boolean} hover
 * @returns {Mark}
 */
export function columnHeading(painter, chart, ctx, node, { x, y }, hover) {
  const draw = () => {
    const strong = hover || node.id === painter.focus;
    if (strong) drawColumnBand(painter, chart, ctx, x);
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(node.angle);
    ctx.font = `${strong ? 700 : 600} 12px ${painter.font}`;
    ctx.fillStyle = painter.colors.ink;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(node.label, 0, 0);
    ctx.restore();
  };
  return { draw, width: chart.column, height: 26 };
}

/**
 * @param {Painter} painter
 * @param {ChartDrawing} chart
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 */
function drawColumnBand({ colors }, { column, row, shown }, ctx, x) {
  ctx.fillStyle = colors.line;
  ctx.globalAlpha = 0.6;
  ctx.fillRect(x - column / 2, row / 2, column, row * shown);
  ctx.globalAlpha = 1;
}

/**
 * The row of a profile.
 * @param {Painter} painter
 * @param {ChartDrawing} chart
 * @param {CanvasRenderingContext2D} ctx
 * @param {DrawnNode} node
 * @param {Point} at
 * @param {boolean} hover
 * @returns {Mark}
 */
export function profileRow(painter, chart, ctx, node, { x, y }, hover) {
  const { bars, column, row, width } = chart;
  const longest = painter.orientation === "tall" ? LONGEST_BAR_TALL : bars;
  const draw = () => {
    ctx.globalAlpha = painter.highlighted && !painter.highlighted.has(node.id) ? 0.35 : 1;
    if (hover || node.id === painter.focus) {
      ctx.fillStyle = painter.colors.line;
      ctx.fillRect(x - column * 0.6, y - row / 2, width + longest + column, row);
    }
    drawDots(painter, ctx, node.has ?? [], { x, y }, column);
    ctx.fillStyle = painter.colors.party;
    const length = Math.max(1.5, longest * (node.share ?? 0));
    ctx.fillRect(width, y - row / 3, length, (row * 2) / 3);
    drawRowText(painter, ctx, node, { x: width + length + 7, y });
  };
  // vis-network finds a node by the box round its middle: the half of the row with the dots can be pointed at
  return { draw, width: row, height: row };
}

/**
 * @param {Painter} painter
 * @param {CanvasRenderingContext2D} ctx
 * @param {boolean[]} has
 * @param {Point} at
 * @param {number} column
 */
function drawDots({ colors }, ctx, has, { x, y }, column) {
  const [first, last] = [has.indexOf(true), has.lastIndexOf(true)];
  ctx.strokeStyle = colors.party;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x + first * column, y);
  ctx.lineTo(x + last * column, y);
  if (first >= 0) ctx.stroke();
  has.forEach((consented, i) => {
    ctx.beginPath();
    ctx.arc(x + i * column, y, consented ? 6 : 4.5, 0, 2 * Math.PI);
    ctx.fillStyle = consented ? colors.party : colors.paper;
    ctx.strokeStyle = consented ? colors.party : colors["line-strong"];
    ctx.lineWidth = 1;
    ctx.fill();
    ctx.stroke();
  });
}

/**
 * @param {Painter} painter
 * @param {CanvasRenderingContext2D} ctx
 * @param {DrawnNode} node
 * @param {Point} at
 */
function drawRowText(painter, ctx, node, { x, y }) {
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.font = `600 12px ${painter.font}`;
  ctx.fillStyle = painter.colors.ink;
  const size = node.size ?? 0;
  ctx.fillText(String(size), x, y);
  if (painter.orientation === "tall" || (node.share ?? 0) > 0.6) return;
  const after = x + ctx.measureText(String(size)).width + 8;
  ctx.font = `11px ${painter.font}`;
  ctx.fillStyle = painter.colors.soft;
  ctx.fillText(shortList(node.members ?? [], size), after, y);
}

/**
 * As many names as fit, and how many more there are.
 * @param {string[]} names
 * @param {number} total
 */
export function shortList(names, total) {
  /** @type {string[]} */
  const listed = [];
  for (const name of names) {
    if (listed.join(", ").length + name.length > NAMES_LENGTH) break;
    listed.push(name);
  }
  const more = total - listed.length;
  return listed.join(", ") + (more ? ` and ${more} more` : "");
}

/**
 * The row or column at a point of the chart, whole rows included.
 * @param {Pick<ChartDrawing, "nodes" | "row" | "shown" | "width" | "column" | "above">} chart
 * @param {Point} at
 */
export function chartNodeAt({ nodes, row, shown, width, column, above }, { x, y }) {
  const all = [...nodes.values()];
  if (y < row / 2) {
    const index = Math.round((x + y * HEADING_LEAN) / column);
    return y > -above ? all.filter((node) => node.group === "column")[index] : undefined;
  }
  if (x <= -column || x >= width + 500 || y >= row * (shown + 0.5)) return undefined;
  return all.filter((node) => node.group === "profile")[Math.round(y / row) - 1];
}
