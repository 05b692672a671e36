// How each kind of line looks: colour, width, opacity and dashes, so that none is told by colour alone.
// The server's still pictures draw the same (tracker/web/network/still.py).

const INKS = [
  "paper", "ink", "soft", "line", "line-strong", "party", "contracting-party", "signatory", "withdrawn", "none", "error",
  "warning", "focus", "region-africa", "region-americas", "region-asia", "region-europe", "region-oceania",
];
const FAINT = 0.1;

// in the order in which they are drawn, the weightiest last
export const LINES = {
  assessed: { ink: "warning", width: 0.8, opacity: 0.7, dashes: [8, 2, 1.5, 2, 1.5, 2] },
  member: { ink: "line-strong", width: 0.5, opacity: 0.3 },
  "never-signed": { ink: "none", width: 0.7, opacity: 0.6 },
  "convention-alone": { ink: "none", width: 0.9, opacity: 0.65, dashes: [9, 3, 2, 3] },
  party: { ink: "party", width: 0.6, opacity: 0.3 },
  alike: { ink: "party", width: 1, opacity: 0.55 },
  "contracting-party": { ink: "contracting-party", width: 1, opacity: 0.6, dashes: [12, 4] },
  "part-of": { ink: "soft", width: 0.6, opacity: 0.5, dashes: [2, 2] },
  watches: { ink: "ink", width: 0.6, opacity: 0.4 },
  "protocol-of": { ink: "ink", width: 2, opacity: 0.9 },
  gained: { ink: "party", width: 1.2, opacity: 0.75 },
  changed: { ink: "contracting-party", width: 1.2, opacity: 0.8, dashes: [10, 3, 2, 3] },
  signatory: { ink: "signatory", width: 1.2, opacity: 0.9, dashes: [5, 4] },
  "signed-only": { ink: "signatory", width: 1.4, opacity: 0.95, dashes: [5, 4] },
  "protocol-alone": { ink: "error", width: 1.4, opacity: 1, dashes: [3, 2] },
  withdrawn: { ink: "withdrawn", width: 1.8, opacity: 1, dashes: [1.5, 4] },
  left: { ink: "withdrawn", width: 1.8, opacity: 1, dashes: [1.5, 4] },
  lost: { ink: "withdrawn", width: 1.6, opacity: 1, dashes: [5, 4] },
  way: { ink: "focus", width: 3.5, opacity: 1 },
};
export const WEIGHT = new Map(Object.keys(LINES).map((kind, weight) => [kind, weight]));

/** The style sheet's tokens by name, as they are now: light or dark. */
export function inks() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(INKS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** An edge in vis-network's terms; `near` and `far` say how it lies to what is focused, `there` how far it is faded in. */
export function lineOf(edge, ink, { near = false, far = false, there = 1, strong = false } = {}) {
  const line = LINES[edge.kind];
  const width = edge.kind === "alike" ? 0.6 + 4 * edge.share : strong ? Math.max(line.width, 0.9) : line.width;
  const opacity = strong ? Math.max(line.opacity, 0.6) : line.opacity;
  return {
    color: { color: ink[line.ink], opacity: there * (far ? opacity * FAINT : near ? 1 : opacity) },
    width: near ? width * 1.8 : width,
    dashes: line.dashes ?? false,
  };
}

/** The same by hand, for lines that come and go under the pointer. */
export function stroke(ctx, edge, one, other, ink) {
  const line = LINES[edge.kind];
  ctx.save();
  ctx.strokeStyle = ink[line.ink];
  ctx.lineWidth = Math.max(1.2, line.width * 1.8);
  ctx.setLineDash(line.dashes ?? []);
  ctx.beginPath();
  ctx.moveTo(one.x, one.y);
  ctx.lineTo(other.x, other.y);
  ctx.stroke();
  ctx.restore();
}
