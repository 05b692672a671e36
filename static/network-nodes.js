// The node-link views and the chart of patterns: which node is meant, where the arrows lead, and what is lit of it.

/** @import { DrawnNode, Group, PaintedPlaces, Point } from "./network-types.js" */
import { make, text } from "./svg-elements.js";

const REACH = 16; // from a node's middle, in the picture's units
/** @type {Group[]} */
const RING_GROUPS = ["participant", "instrument", "body"];
const ARROWS = new Map([
  ["ArrowRight", { right: 1, down: 0 }],
  ["ArrowLeft", { right: -1, down: 0 }],
  ["ArrowDown", { right: 0, down: 1 }],
  ["ArrowUp", { right: 0, down: -1 }],
]);

/**
 * The node at a point: the nearest within reach.
 * @param {DrawnNode[]} nodes
 * @param {Point} point
 */
export function nodeNear(nodes, { x, y }) {
  /** @param {DrawnNode} node */
  const distance = (node) => Math.hypot(node.x - x, node.y - y);
  const [nearest] = [...nodes].sort((one, other) => distance(one) - distance(other));
  return nearest && distance(nearest) < REACH ? nearest : undefined;
}

/**
 * The node that a key leads to; undefined for keys without a meaning here. In the chart up and down go from row to row,
 * right and left from column to column; elsewhere right and left go round, up and down from kind to kind of node.
 * @param {string} key
 * @param {DrawnNode | undefined} focused
 * @param {DrawnNode[]} nodes
 */
export function nextNode(key, focused, nodes) {
  const move = ARROWS.get(key);
  if (!move) return undefined;
  if (nodes.every(({ group }) => group === "clock")) return nextInRows(nodes, focused, move);
  return nodes.some(({ group }) => group === "profile") ? nextInChart(nodes, focused, move) : nextOnRing(nodes, focused, move);
}

/**
 * Among nodes that stand in rows: right and left go on in reading order, up and down a row further.
 * @param {DrawnNode[]} nodes
 * @param {DrawnNode | undefined} focused
 * @param {{ right: number, down: number }} move
 */
function nextInRows(nodes, focused, { right, down }) {
  const columns = nodes.filter(({ y }) => y === nodes[0]?.y).length;
  if (!focused) return nodes.at(right + down > 0 ? 0 : -1);
  return nodes[(nodes.indexOf(focused) + right + down * columns + nodes.length) % nodes.length] ?? focused;
}

/**
 * @param {DrawnNode[]} nodes
 * @param {DrawnNode | undefined} focused
 * @param {{ right: number, down: number }} move
 */
function nextInChart(nodes, focused, { right, down }) {
  const [group, step] = right ? ["column", right] : ["profile", down];
  const line = nodes.filter((node) => node.group === group);
  if (!focused || focused.group !== group) return step > 0 ? line[0] : line.at(-1);
  return line[(line.indexOf(focused) + step + line.length) % line.length];
}

/**
 * @param {DrawnNode[]} nodes
 * @param {DrawnNode | undefined} focused
 * @param {{ right: number, down: number }} move
 */
function nextOnRing(nodes, focused, { right, down }) {
  const groups = RING_GROUPS.filter((group) => nodes.some((node) => node.group === group));
  const current = focused?.group ?? groups[0];
  const index = groups.findIndex((group) => group === current) + down;
  const group = down ? groups[Math.min(groups.length - 1, Math.max(0, index))] : current;
  const ring = nodes.filter((node) => node.group === group).sort((one, other) => directionOf(one) - directionOf(other));
  if (!ring.length) return undefined;
  const from = !focused ? -right : focused.group === group ? ring.indexOf(focused) : nearest(ring, focused);
  return ring[(from + right + ring.length) % ring.length];
}

/**
 * The index of the first node of a ring in the direction of another node, or after it.
 * @param {DrawnNode[]} ring
 * @param {DrawnNode} node
 */
function nearest(ring, node) {
  return Math.max(0, ring.findIndex((each) => directionOf(each) >= directionOf(node)));
}

/**
 * The direction from the middle, clockwise from the top, in radians.
 * @param {DrawnNode} node
 */
function directionOf({ x, y }) {
  return (Math.atan2(x, -y) + 2 * Math.PI) % (2 * Math.PI);
}

/**
 * A node with its links and the nodes at their ends, as they are drawn, over everything; of the chart a row, or the
 * rows that have a column.
 * @param {SVGSVGElement} svg
 * @param {DrawnNode} node
 * @param {Pick<PaintedPlaces, "nodes" | "edges">} places
 */
export function litNode(svg, node, { nodes = [], edges = [] }) {
  const [known, ids] = [new Map(nodes.map((each) => [each.id, each])), new Set([node.id])];
  const column = nodes.filter(({ group }) => group === "column").indexOf(node);
  for (const each of nodes) if (column >= 0 && each.has?.[column]) ids.add(each.id);
  /** @type {Map<string, string>} */
  const paths = new Map();
  for (const { from, to, kind } of edges.filter((edge) => edge.from === node.id || edge.to === node.id)) {
    const [one, other] = [known.get(from), known.get(to)];
    ids.add(from).add(to);
    if (one && other) paths.set(kind, `${paths.get(kind) ?? ""}M${one.x} ${one.y}L${other.x} ${other.y}`);
  }
  const links = [...paths].map(([kind, d]) => {
    const like = svg.querySelector(`#scene-links [data-kind="${kind}"]`)?.cloneNode();
    const link = like instanceof SVGElement ? like : make("path", { stroke: "var(--soft)", "stroke-width": 1 });
    link.setAttribute("d", d);
    return link;
  });
  const marks = [...ids].flatMap((id) => svg.querySelector(`#scene-marks > [data-id="${CSS.escape(id)}"]`)?.cloneNode(true) ?? []);
  const isNamed = node.group === "clock" || marks.some((mark) => mark instanceof Element && mark.matches(`[data-id="${CSS.escape(node.id)}"]`) && mark.querySelector("text"));
  const name = isNamed ? [] : [text(node.label, { x: node.x, y: node.y + 15, class: "halo", "text-anchor": "middle", "font-weight": 600 })];
  return make("g", { id: "lit", fill: "none" }, [...links, ...marks, ...name]);
}
