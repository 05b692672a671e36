// Saves the picture as a PNG: what is on the canvas, with its title, date, summary and legend.

/** @import { EdgeKind } from "./network-types.js" */
/** @import { Painter } from "./network-painter.js" */
import { LINE_STYLES, lineStyle } from "./network-line-styles.js";

const HEADER_HEIGHT = 64;
const LEGEND_ROW = 22;
const LEGEND_COLUMN = 260;

/** @typedef {{ title: string, summary: string, legend: { kind: EdgeKind, text: string }[] }} Caption */

/**
 * Give the reader the picture as a file.
 * @param {HTMLCanvasElement} canvas
 * @param {Painter} painter
 * @param {string} name
 */
export async function savePng(canvas, painter, name) {
  const image = compose(canvas, painter, readCaption());
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => image.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the browser could not make a PNG");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * The title, summary and legend of the page as it is.
 * @returns {Caption}
 */
function readCaption() {
  const view = document.querySelector("#views [aria-current]")?.textContent ?? "";
  const { date = "", summary = "" } = /** @type {HTMLElement} */ (document.getElementById("static-picture")).dataset;
  const legend = [...document.querySelectorAll("#legend svg.line")].flatMap((svg) => {
    const kind = [...svg.classList].find((name) => name in LINE_STYLES);
    return kind ? [{ kind: /** @type {EdgeKind} */ (kind), text: svg.parentElement?.textContent?.trim() ?? "" }] : [];
  });
  return { title: `${view}, ${date}`, summary, legend };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Painter} painter
 * @param {Caption} caption
 */
function compose(canvas, painter, caption) {
  const density = canvas.width / canvas.clientWidth;
  const columns = Math.max(1, Math.floor((canvas.clientWidth - 24) / LEGEND_COLUMN));
  const legendHeight = Math.ceil(caption.legend.length / columns) * LEGEND_ROW + 20;
  const image = document.createElement("canvas");
  image.width = canvas.width;
  image.height = canvas.height + Math.round((HEADER_HEIGHT + legendHeight) * density);
  const ctx = /** @type {CanvasRenderingContext2D} */ (image.getContext("2d"));
  ctx.fillStyle = painter.colors.paper;
  ctx.fillRect(0, 0, image.width, image.height);
  ctx.drawImage(canvas, 0, Math.round(HEADER_HEIGHT * density));
  ctx.scale(density, density);
  drawHeader(ctx, painter, caption);
  caption.legend.forEach(({ kind, text }, i) => {
    const x = 16 + (i % columns) * LEGEND_COLUMN;
    const y = HEADER_HEIGHT + canvas.clientHeight + 18 + Math.floor(i / columns) * LEGEND_ROW;
    drawLegendEntry(ctx, painter, kind, text, x, y);
  });
  return image;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Painter} painter
 * @param {Caption} caption
 */
function drawHeader(ctx, { colors, font }, { title, summary }) {
  ctx.fillStyle = colors.ink;
  ctx.font = `600 20px ${font}`;
  ctx.fillText(title, 16, 28);
  ctx.fillStyle = colors.soft;
  ctx.font = `13px ${font}`;
  ctx.fillText(summary, 16, 50);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Painter} painter
 * @param {EdgeKind} kind
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function drawLegendEntry(ctx, { colors, font }, kind, text, x, y) {
  const style = lineStyle(kind);
  ctx.strokeStyle = colors[style.color];
  ctx.lineWidth = Math.max(1.2, style.width);
  ctx.setLineDash(style.dashes ?? []);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + 40, y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = colors.ink;
  ctx.font = `13px ${font}`;
  ctx.fillText(text, x + 50, y + 4.5);
}
