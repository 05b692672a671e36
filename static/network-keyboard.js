// The keyboard in the picture: arrow keys move the focus between nodes, Enter opens a page, plus and minus zoom.

/** @import { Drawing, DrawnNode, Group, State } from "./network-types.js" */

/** @type {Group[]} */
const RING_GROUPS = ["participant", "instrument", "body"];
const ZOOM_STEP = 1.3;

/**
 * What a key does in the picture, as a function to call; undefined for keys without a meaning there.
 * @param {string} key
 * @param {object} context
 * @param {Pick<Drawing, "nodes">} context.drawing
 * @param {Pick<State, "view" | "focus">} context.state
 * @param {(id: string) => void} context.focus
 * @param {(factor: number) => void} context.zoom
 * @param {() => void} context.fit
 * @param {(node: DrawnNode) => void} context.open
 * @returns {(() => void) | undefined}
 */
export function keyAction(key, { drawing, state, focus, zoom, fit, open }) {
  const nodes = [...drawing.nodes.values()];
  const focused = drawing.nodes.get(state.focus);
  switch (key) {
    case "+": return () => zoom(ZOOM_STEP);
    case "-": return () => zoom(1 / ZOOM_STEP);
    case "0": return fit;
    case "Enter": return () => focused && open(focused);
    default: {
      const next = state.view === "profiles" ? nextInChart : nextOnRing;
      const move = ARROWS.get(key);
      if (!move) return undefined;
      return () => {
        const node = next(nodes, focused, move);
        if (node) focus(node.id);
      };
    }
  }
}

const ARROWS = new Map([
  ["ArrowRight", { right: 1, down: 0 }],
  ["ArrowLeft", { right: -1, down: 0 }],
  ["ArrowDown", { right: 0, down: 1 }],
  ["ArrowUp", { right: 0, down: -1 }],
]);

/**
 * In the chart of profiles: up and down from row to row, right and left from column to column.
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
 * On a ring: right and left round the ring, up and down between participants, instruments and bodies.
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
