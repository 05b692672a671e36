// The picture as a PNG: what is on the canvas, with its title, day, sentence and legend drawn round it.

import { LINES } from "./network-line-styles.js";

const HEAD = 64;
const ROW = 22;
const CELL = 260;

/** Hand the reader the picture as a file. */
export async function savePng(canvas, painter, name) {
  const made = composed(canvas, painter);
  const blob = await new Promise((resolve) => made.toBlob(resolve, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function composed(canvas, painter) {
  const dense = canvas.width / canvas.clientWidth;
  const entries = legend();
  const across = Math.max(1, Math.floor((canvas.clientWidth - 24) / CELL));
  const foot = Math.ceil(entries.length / across) * ROW + 20;
  const made = document.createElement("canvas");
  made.width = canvas.width;
  made.height = canvas.height + Math.round((HEAD + foot) * dense);
  const ctx = made.getContext("2d");
  ctx.fillStyle = painter.ink.paper;
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.drawImage(canvas, 0, Math.round(HEAD * dense));
  ctx.scale(dense, dense);
  head(ctx, painter);
  entries.forEach((entry, i) => {
    const [x, y] = [16 + (i % across) * CELL, HEAD + canvas.clientHeight + 18 + Math.floor(i / across) * ROW];
    line(ctx, painter, entry, x, y);
  });
  return made;
}

function head(ctx, painter) {
  ctx.fillStyle = painter.ink.ink;
  ctx.font = `600 20px ${painter.font}`;
  ctx.fillText(`${document.querySelector("#views [aria-current]").textContent}, ${document.querySelector("#still").dataset.day}`, 16, 28);
  ctx.fillStyle = painter.ink.soft;
  ctx.font = `13px ${painter.font}`;
  ctx.fillText(document.querySelector("#still").dataset.told, 16, 50);
}

function legend() {
  return [...document.querySelectorAll("#legend svg.line")].map((svg) => ({
    kind: [...svg.classList].find((name) => name !== "line"),
    words: svg.parentElement.textContent.trim(),
  }));
}

function line(ctx, painter, { kind, words }, x, y) {
  const style = LINES[kind];
  ctx.strokeStyle = painter.ink[style.ink];
  ctx.lineWidth = Math.max(1.2, style.width);
  ctx.setLineDash(style.dashes ?? []);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + 40, y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.fillStyle = painter.ink.ink;
  ctx.font = `13px ${painter.font}`;
  ctx.fillText(words, x + 50, y + 4.5);
}
