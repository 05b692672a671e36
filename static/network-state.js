// What the network page shows, as a plain value read from its address, and which edges follow from it.
// The same rules choose the rows of the table on the server (tracker/web/network/wanted.py).

const RING = new Set(["gaps", "ties"]);
// what a picture of each view hangs on, beside the day; of a ring whose ties all came at once nothing does
const HANGS_ON = {
  gaps: ["instrument", "region", "standing", "focus", "pending"],
  ties: ["instrument", "region", "standing", "focus"],
  ego: ["focus", "standing"],
  profiles: ["of"],
  backbone: [],
  changes: ["from", "instrument", "region", "change", "focus"], // the focus where they are too many to draw all
};

/** The state that an address holds; `usual` is the view of an address that names none. */
export function read(search, usual) {
  const query = new URLSearchParams(search);
  const text = (name) => query.get(name) ?? "";
  return {
    view: text("view") || usual,
    instrument: text("instrument"),
    region: text("region"),
    standing: text("standing"),
    focus: text("focus"),
    pending: text("pending") !== "",
  };
}

/** The query that a state's picture is fetched by; two states with the same share the picture. `whole` says whether a
    ring's drawing holds all ties, `held` whether that of two days, as it is here, holds all changes. */
export function drawnBy(search, state, { whole, held }) {
  const [asked, query] = [new URLSearchParams(search), new URLSearchParams()];
  const ring = RING.has(state.view) && whole;
  const names = (ring ? [] : HANGS_ON[state.view]).filter((name) => !(held && name === "focus"));
  query.set("view", ring ? "gaps" : state.view);
  for (const name of ["as_of", "known_at", ...names]) {
    for (const value of asked.getAll(name)) if (value) query.append(name, value);
  }
  return query.toString();
}

/** The edges that a state draws. A focused body misses nothing, so its ties are drawn among the gaps.
    Judgements are too many to stand among all ties: they come with a focus, or when they alone are asked for. */
export function chosen(state, edges, nodes) {
  if (!RING.has(state.view)) return edges;
  const hub = state.instrument && `instrument.${state.instrument}`;
  const body = state.focus.startsWith("body.") ? state.focus : "";
  return edges.filter(
    (edge) =>
      (edge.view === state.view || (body && edge.view === "ties" && touches(edge, body))) &&
      (!hub || touches(edge, hub)) &&
      (!state.region || [edge.from, edge.to].some((end) => nodes.get(end).region === state.region)) &&
      (!state.standing || edge.kind === state.standing) &&
      (edge.kind !== "assessed" || state.standing || (state.focus && touches(edge, state.focus))) &&
      (state.pending || hub || !edge.pending || edge.view === "ties"),
  );
}

/** The node meant by what somebody typed: an id, a code or a name, whole or in part. */
export function meant(text, nodes) {
  const asked = text.trim().toLowerCase();
  if (!asked) return undefined;
  const names = (node) => [node.id, node.id.slice(node.id.indexOf(".") + 1), node.label, node.name].map((name) => name.toLowerCase());
  const all = [...nodes];
  return (
    all.find((node) => names(node).includes(asked)) ??
    all.find((node) => names(node).some((name) => name.startsWith(asked))) ??
    all.find((node) => names(node).some((name) => name.includes(asked)))
  );
}

export function touches(edge, id) {
  return edge.from === id || edge.to === id;
}

/** The other end of an edge. */
export function across(edge, id) {
  return edge.from === id ? edge.to : edge.from;
}
