// What the network page shows, as a plain value read from its address, and which edges follow from it.
// The server chooses the rows of the table by the same rules.

/** @import { Edge, Named, State, View } from "./network-types.js" */

/** Views whose drawing is the ring of participants. */
const RING_VIEWS = new Set(["gaps", "ties"]);

/**
 * The parameters that the drawing of each view depends on, beside the date. A ring whose edges all came at once
 * depends on none.
 * @type {Record<View, string[]>}
 */
const DRAWING_PARAMETERS = {
  gaps: ["instrument", "region", "standing", "focus", "pending"],
  ties: ["instrument", "region", "standing", "focus"],
  ego: ["focus", "standing"],
  profiles: ["of"],
  backbone: [],
  changes: ["from", "instrument", "region", "change", "focus"], // the focus where they are too many to draw all
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
    instrument: text("instrument"),
    region: text("region"),
    standing: text("standing"),
    focus: text("focus"),
    pending: text("pending") !== "",
  };
}

/**
 * The query that fetches the drawing of a state. States with the same query share the drawing.
 * @param {string} search
 * @param {State} state
 * @param {object} holds
 * @param {boolean} holds.allTies does the drawing of a ring hold all ties?
 * @param {boolean} holds.allChanges does the present drawing of two dates hold all changes?
 */
export function drawingQuery(search, state, { allTies, allChanges }) {
  const [asked, query] = [new URLSearchParams(search), new URLSearchParams()];
  const isWholeRing = RING_VIEWS.has(state.view) && allTies;
  const names = isWholeRing ? [] : DRAWING_PARAMETERS[state.view].filter((name) => !(allChanges && name === "focus"));
  query.set("view", isWholeRing ? "gaps" : state.view);
  for (const name of ["as_of", "known_at", ...names]) {
    for (const value of asked.getAll(name)) if (value) query.append(name, value);
  }
  return query.toString();
}

/**
 * The edges that a state draws. A focused body misses nothing, so its ties are drawn among the gaps. Assessments are
 * too many to be drawn among all ties: they come with a focus, or when they alone are asked for.
 * @param {State} state
 * @param {Edge[]} edges
 * @param {Map<string, { region: string }>} nodes
 */
export function visibleEdges(state, edges, nodes) {
  if (!RING_VIEWS.has(state.view)) return edges;
  const instrument = state.instrument && `instrument.${state.instrument}`;
  const body = state.focus.startsWith("body.") ? state.focus : "";
  return edges.filter(
    (edge) =>
      (edge.view === state.view || (body && edge.view === "ties" && touches(edge, body))) &&
      (!instrument || touches(edge, instrument)) &&
      (!state.region || [edge.from, edge.to].some((end) => nodes.get(end)?.region === state.region)) &&
      (!state.standing || edge.kind === state.standing) &&
      (edge.kind !== "assessed" || state.standing || (state.focus && touches(edge, state.focus))) &&
      (state.pending || instrument || !edge.pending || edge.view === "ties"),
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
  if (state.view === "profiles") return shown < profiles ? `${shown} of ${profiles} profiles drawn` : `${count(profiles, "profile")} drawn`;
  const noun = state.view === "changes" ? "change" : "tie";
  if (!complete && total > edges.length) return `${edges.length.toLocaleString("en")} of ${count(total, noun)} drawn: choose a mark`;
  if (state.view === "changes") {
    const others = total - edges.length;
    return `${count(edges.length, noun)} drawn${others > 0 ? `; ${others} judgements by bodies are in the table` : ""}`;
  }
  if (state.view !== "gaps") return `${count(edges.length, noun)} drawn`;
  const missing = edges.filter((edge) => edge.view === "gaps").length;
  const ties = edges.length - missing;
  return `${count(missing, "missing tie")}${ties ? ` and ${count(ties, "tie")} of a body` : ""} drawn`;
}

/**
 * @param {number} number
 * @param {string} noun
 */
function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
