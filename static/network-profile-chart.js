// The profiles as a chart: one row for each, with a dot in the column of every instrument, a bar as long as its
// participants are many, and as many of their names as fit.

const NARROW = 110; // the longest bar where the picture is narrow
const NAMES = 46; // letters of names beside a bar

/** The heading of an instrument's column, on a slant. */
export function column(painter, ctx, node, mark, x, y, hover) {
  const draw = () => {
    const strong = hover || node.id === painter.focus;
    if (strong) band(painter, ctx, x);
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(node.angle);
    ctx.font = `${strong ? 700 : 600} 12px ${painter.font}`;
    ctx.fillStyle = strong ? painter.ink.link ?? painter.ink.ink : painter.ink.ink;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(node.label, 0, 0);
    ctx.restore();
  };
  return { draw, width: painter.drawing.column, height: 26 };
}

function band(painter, ctx, x) {
  const { column: wide, row, shown } = painter.drawing;
  ctx.fillStyle = painter.ink.line;
  ctx.globalAlpha = 0.6;
  ctx.fillRect(x - wide / 2, row / 2, wide, row * shown);
  ctx.globalAlpha = 1;
}

/** A profile's row. */
export function profile(painter, ctx, node, mark, x, y, hover) {
  const { bars, column: wide, row, width } = painter.drawing;
  const longest = painter.shape === "tall" ? NARROW : bars;
  const chosen = node.id === painter.focus || hover;
  const draw = () => {
    ctx.globalAlpha = painter.lit && !painter.lit.has(node.id) ? 0.35 : 1;
    if (chosen) {
      ctx.fillStyle = painter.ink.line;
      ctx.fillRect(x - wide * 0.6, y - row / 2, width + longest + wide, row);
    }
    dots(painter, ctx, node, x, y, wide);
    ctx.fillStyle = painter.ink.party;
    const length = Math.max(1.5, longest * node.share);
    ctx.fillRect(width, y - row / 3, length, (row * 2) / 3);
    words(painter, ctx, node, width + length + 7, y);
  };
  // vis-network knows a node by the box round its middle: the dots' half of the row is what it can be caught by
  return { draw, width: row, height: row };
}

function dots(painter, ctx, { has }, x, y, wide) {
  const [first, last] = [has.indexOf(true), has.lastIndexOf(true)];
  ctx.strokeStyle = painter.ink.party;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(x + first * wide, y);
  ctx.lineTo(x + last * wide, y);
  if (first >= 0) ctx.stroke();
  has.forEach((there, i) => {
    ctx.beginPath();
    ctx.arc(x + i * wide, y, there ? 6 : 4.5, 0, 2 * Math.PI);
    ctx.fillStyle = there ? painter.ink.party : painter.ink.paper;
    ctx.strokeStyle = there ? painter.ink.party : painter.ink["line-strong"];
    ctx.lineWidth = 1;
    ctx.fill();
    ctx.stroke();
  });
}

function words(painter, ctx, node, x, y) {
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.font = `600 12px ${painter.font}`;
  ctx.fillStyle = painter.ink.ink;
  const number = String(node.size);
  ctx.fillText(number, x, y);
  if (painter.shape === "tall" || node.share > 0.6) return;
  const after = x + ctx.measureText(number).width + 8;
  ctx.font = `11px ${painter.font}`;
  ctx.fillStyle = painter.ink.soft;
  ctx.fillText(listed(node), after, y);
}

/** As many names as fit, and how many more there are. */
function listed({ members, size }) {
  const named = [];
  for (const name of members) {
    if (named.join(", ").length + name.length > NAMES) break;
    named.push(name);
  }
  const more = size - named.length;
  return named.join(", ") + (more ? ` and ${more} more` : "");
}

/** The row or column under a point of the chart, whole rows taken. */
export function under({ nodes, row, shown, width, column: wide, above }, { x, y }) {
  const all = [...nodes.values()];
  if (y < row / 2) {
    const at = Math.round((x + y * 0.58) / wide); // headings lean
    return y > -above ? all.filter((node) => node.group === "column")[at] : undefined;
  }
  return x > -wide && x < width + 500 && y < row * (shown + 0.5) ? all.filter((node) => node.group === "profile")[Math.round(y / row) - 1] : undefined;
}
