// Instruments where there are very many: small marks, named where a name fits.

const NAME = 9; // pixels of a name
const FEW = 60; // lit marks that are all named
const MOST = 10; // names on a narrow ring, and how many pixels their marks are apart
const APART = 22;
const LONGEST = 16; // letters; longer names would reach across the ring
const LETTER = 5.6; // pixels of one letter of such a name, about
const BOX = [36, 15]; // half the width and height of an instrument's box, about

/** One of very many instruments: a mark, as large as its parties are many. */
export function spot(painter, ctx, node, x, y) {
  const r = radius(painter, node);
  const strength = painter.lit && !painter.lit.has(node.id) ? 0.25 : 1;
  const draw = () => {
    ctx.globalAlpha = strength;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.fillStyle = painter.ink.paper;
    ctx.fill();
    ctx.strokeStyle = node.tint === undefined ? painter.ink.ink : painter.tint(node.tint);
    ctx.lineWidth = node.tint === undefined ? 1 : 2;
    ctx.stroke();
  };
  const label = () => { // after all marks, so that none lies over a name
    ctx.globalAlpha = strength;
    name(painter, ctx, node, x, y + r + 1);
  };
  return { draw, label, width: 2 * r, height: 2 * r };
}

function name(painter, ctx, node, x, y) {
  const { lit, named } = painter;
  const written = lit ? lit.has(node.id) && (lit.size < FEW || named.has(node.id)) : named.has(node.id);
  if (!written) return;
  ctx.font = `600 ${NAME / painter.scale()}px ${painter.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = painter.ink.ink;
  ctx.strokeStyle = painter.ink.paper;
  ctx.lineWidth = 2.5 / painter.scale();
  ctx.strokeText(called(node), x, y);
  ctx.fillText(called(node), x, y);
}

/** Which can be named at this scale, the larger first, without a name on another or on a mark as large as its own.
    Where marks are sized by what they count, names may lie over the small ones: what is large is what is looked for. */
export function nameWhatFits(painter) {
  const scale = painter.scale();
  const spots = [...painter.drawing.nodes.values()].filter((node) => node.small);
  const marks = spots.map((node) => ({ weight: node.share ?? 0, box: square(node, radius(painter, node)) }));
  const [named, names] = [new Set(), []];
  for (const node of spots.sort((one, other) => (other.share ?? 0) - (one.share ?? 0))) {
    const [half, r] = [(called(node).length * NAME * 0.34) / scale, radius(painter, node)];
    const box = { left: node.x - half, right: node.x + half, top: node.y + r + 0.5, bottom: node.y + r + (NAME + 1) / scale };
    const least = node.most ? node.share * 0.7 : 0;
    if (names.some((other) => meet(box, other)) || marks.some((mark) => mark.weight >= least && meet(box, mark.box))) continue;
    names.push(box);
    named.add(node.id);
  }
  painter.named = new Set([...named, ...mostOnRing(painter)]);
}

/** Where a narrow ring leaves no room for names: the participants with most, as many as do not crowd each other. */
function mostOnRing({ drawing, marks, shape, scale }) {
  if (shape !== "tall") return [];
  const having = [...drawing.nodes.values()].filter((node) => node.group === "participant" && node.label.length <= LONGEST && marks.get(node.id)?.count);
  const hubs = [...drawing.nodes.values()].filter((node) => node.group === "instrument" && !node.small);
  const found = [];
  for (const node of having.sort((one, other) => marks.get(other.id).count - marks.get(one.id).count)) {
    if (found.length === MOST) break;
    const crowded = found.some(({ x, y }) => Math.hypot(x - node.x, y - node.y) * scale() <= APART);
    if (!crowded && (!found.length || !runsInto(hubs, node, scale()))) found.push(node); // the first in any case
  }
  return found.map(({ id }) => id);
}

/** Does a name, written from its mark towards the middle, run into the box of an instrument? */
function runsInto(hubs, { x, y, label }, scale) {
  const reach = (label.length * LETTER) / scale / Math.hypot(x, y);
  const along = [0.2, 0.4, 0.6, 0.8, 1].map((part) => [x * (1 - part * reach), y * (1 - part * reach)]);
  const [wide, high] = BOX.map((half) => half / scale);
  return hubs.some((hub) => along.some(([at, down]) => Math.abs(at - hub.x) < wide && Math.abs(down - hub.y) < high));
}

/** The name, and what two days changed. */
function called({ label, tally }) {
  return tally ? `${label} ${tally}` : label;
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
