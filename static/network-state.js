// What the network page shows, as a plain value read from its address.

/** @import { Named, State, View } from "./network-types.js" */

/** The filter of participants, which the server alone applies. */
const PEOPLE = ["group", "region", "member_of", "match"];

/**
 * The parameters that the drawing of each view depends on, beside the date.
 * @type {Record<View, string[]>}
 */
const DRAWING_PARAMETERS = {
  gaps: ["instrument", ...PEOPLE, "standing", "pending"],
  spindle: ["instrument", ...PEOPLE, "standing", "pending"],
  clocks: ["instrument", ...PEOPLE, "standing", "pending"],
  growth: ["instrument", ...PEOPLE],
  ties: ["instrument", ...PEOPLE, "standing", "focus"],
  ego: ["focus", "standing", "instrument", ...PEOPLE],
  profiles: ["of", ...PEOPLE],
  backbone: ["instrument", ...PEOPLE],
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
  return { view: /** @type {View} */ (text("view") || defaultView), focus: text("focus") };
}

/**
 * The query that fetches the drawing of a state. States with the same query share the drawing.
 * @param {string} search
 * @param {State} state
 */
export function drawingQuery(search, state) {
  const [asked, query] = [new URLSearchParams(search), new URLSearchParams()];
  const names = DRAWING_PARAMETERS[state.view];
  query.set("view", state.view);
  for (const name of ["as_of", "known_at", ...names]) {
    for (const value of asked.getAll(name)) if (value) query.append(name, value);
  }
  return query.toString();
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
