// Instruments where there are very many: small marks, named where a name fits.

const NAME = 9; // pixels of a name
const FEW = 60; // lit marks that are all named

/** One of very many instruments: a mark, as large as its parties are many. */
export function spot(painter, ctx, node, x, y) {
  const r = radius(painter, node);
  const draw = () => {
    ctx.globalAlpha = painter.lit && !painter.lit.has(node.id) ? 0.25 : 1;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = painter.ink.paper;
    ctx.fill();
    ctx.strokeStyle = node.tint === undefined ? painter.ink.ink : painter.tint(node.tint);
    ctx.lineWidth = node.tint === undefined ? 1 : 2;
    ctx.stroke();
    name(painter, ctx, node, x, y + r + 1);
  };
  return { draw, width: 2 * r, height: 2 * r };
}

function name(painter, ctx, node, x, y) {
  const { lit, named } = painter;
  const called = lit ? lit.has(node.id) && (lit.size < FEW || named.has(node.id)) : named.has(node.id);
  if (!called) return;
  ctx.font = `600 ${NAME / painter.scale()}px ${painter.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = painter.ink.ink;
  ctx.strokeStyle = painter.ink.paper;
  ctx.lineWidth = 2.5 / painter.scale();
  ctx.strokeText(node.label, x, y);
  ctx.fillText(node.label, x, y);
}

/** Which can be named at this scale, the larger first, without a name on another or on a mark. */
export function nameWhatFits(painter) {
  const named = new Set();
  const spots = [...painter.drawing.nodes.values()].filter((node) => node.small);
  const scale = painter.scale();
  const taken = spots.map((node) => square(node, radius(painter, node)));
  for (const node of spots.sort((one, other) => (other.share ?? 0) - (one.share ?? 0))) {
    const [half, r] = [(node.label.length * NAME * 0.34) / scale, radius(painter, node)];
    const box = { left: node.x - half, right: node.x + half, top: node.y + r + 0.5, bottom: node.y + r + (NAME + 1) / scale };
    if (taken.some((other) => meet(box, other))) continue;
    taken.push(box);
    named.add(node.id);
  }
  painter.named = named;
}

function radius({ answers }, node) {
  const share = answers.sizes[node.id] ?? node.share;
  return share === undefined ? 3.2 : 3 + 7 * Math.sqrt(share);
}

function square({ x, y }, r) {
  return { left: x - r, right: x + r, top: y - r, bottom: y + r };
}

function meet(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
