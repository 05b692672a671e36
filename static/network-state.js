// What the network page shows, as a plain value read from its address, and which edges follow from it.
// The server chooses the rows of the table by the same rules.

/** @import { Edge, Named, State, View } from "./network-types.js" */

/** The filter of participants, which the server alone applies. */
const PEOPLE = ["group", "region", "member_of", "match"];

/**
 * The parameters that the drawing of each view depends on, beside the date. A ring whose edges all came at once
 * depends on the participants alone.
 * @type {Record<View, string[]>}
 */
const DRAWING_PARAMETERS = {
  gaps: ["instrument", ...PEOPLE, "standing", "pending"],
  spindle: ["instrument", ...PEOPLE, "standing", "pending"],
  growth: ["instrument", ...PEOPLE],
  ties: ["instrument", ...PEOPLE, "standing", "focus"],
  ego: ["focus", "standing"],
  profiles: ["of"],
  backbone: [],
  changes: ["from", "instrument", ...PEOPLE, "change"],
};

/**
 * The state that an address asks for.
 * @param {string} search the query of the address
 * @param {string} defaultView the view of an address that names none
 * @returns {State}
 */
export function readState(search, defaultView) {
  const query = new URLSearchParams(search);
  /** @param {string} name */
  const text = (name) => query.get(name) ?? "";
  return {
    view: /** @type {View} */ (text("view") || defaultView),
    instruments: query.getAll("instrument").filter(Boolean),
    standing: query.getAll("standing").filter(Boolean),
    focus: text("focus"),
    pending: text("pending") !== "",
  };
}

/**
 * The query that fetches the drawing of a state. States with the same query share the drawing.
 * @param {string} search
 * @param {State} state
 * @param {boolean} holdsAllTies does the drawing of all links hold all of them?
 */
export function drawingQuery(search, state, holdsAllTies) {
  const [asked, query] = [new URLSearchParams(search), new URLSearchParams()];
  const names = state.view === "ties" && holdsAllTies ? PEOPLE : DRAWING_PARAMETERS[state.view];
  query.set("view", state.view);
  for (const name of ["as_of", "known_at", ...names]) {
    for (const value of asked.getAll(name)) if (value) query.append(name, value);
  }
  return query.toString();
}

/**
 * The edges that a state draws. Assessments are too many to be drawn among all links: they come with a focus, or when
 * they alone are asked for.
 * @param {State} state
 * @param {Edge[]} edges
 */
export function visibleEdges(state, edges) {
  if (state.view !== "ties") return edges;
  const treaties = state.instruments.map((id) => `instrument.${id}`);
  return edges.filter(
    (edge) =>
      (!treaties.length || treaties.some((id) => touches(edge, id))) &&
      (!state.standing.length || state.standing.includes(edge.kind)) &&
      (edge.kind !== "assessed" || state.standing.length || (state.focus && touches(edge, state.focus))),
  );
}

/**
 * The node meant by what somebody typed: an id, a code or a name, whole or in part.
 * @template {Named} T
 * @param {string} text
 * @param {Iterable<T>} nodes
 * @returns {T | undefined}
 */
export function findNode(text, nodes) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return undefined;
  /** @param {Named} node */
  const names = (node) => [node.id, node.id.slice(node.id.indexOf(".") + 1), node.label, node.name].map((name) => name.toLowerCase());
  const all = [...nodes];
  return (
    all.find((node) => names(node).includes(wanted)) ??
    all.find((node) => names(node).some((name) => name.startsWith(wanted))) ??
    all.find((node) => names(node).some((name) => name.includes(wanted)))
  );
}

/**
 * @param {{ from: string, to: string }} edge
 * @param {string} id
 */
export function touches(edge, id) {
  return edge.from === id || edge.to === id;
}

/**
 * @param {Edge} edge
 * @param {string} id
 */
export function otherEnd(edge, id) {
  return edge.from === id ? edge.to : edge.from;
}

/**
 * How much is drawn, in words.
 * @param {State} state
 * @param {Edge[]} edges the edges that are drawn
 * @param {{ total: number, complete: boolean, profiles?: number, shown?: number }} drawing
 */
export function describeDrawing(state, edges, { total, complete, profiles = 0, shown = 0 }) {
  if (state.view === "profiles") return shown < profiles ? `${shown} of ${profiles} patterns drawn` : `${count(profiles, "pattern")} drawn`;
  if (!complete && total > edges.length) return `${edges.length.toLocaleString("en")} of ${count(total, "link")} drawn: select a node`;
  return `${count(edges.length, "link")} drawn`;
}

/**
 * @param {number} number
 * @param {string} noun
 */
function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
