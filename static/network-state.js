// What the network page shows, as a plain value that lives in the address, and which edges follow from it.
// The same rules choose the rows of the table on the server (tracker/web/network/wanted.py).

export const NOTHING = { view: "gaps", instrument: "", region: "", standing: "", focus: "", pending: false };

/** The state that an address holds. */
export function read(search) {
  const query = new URLSearchParams(search);
  const text = (name) => query.get(name) ?? "";
  return {
    view: query.get("view") === "ties" ? "ties" : "gaps",
    instrument: text("instrument"),
    region: text("region"),
    standing: text("standing"),
    focus: text("focus"),
    pending: query.has("pending") && text("pending") !== "",
  };
}

/** The address of a state; what the state says nothing about (the day) stays. */
export function address(state, location) {
  const query = new URLSearchParams(location.search);
  for (const [name, nothing] of Object.entries(NOTHING)) {
    if (state[name] === nothing) query.delete(name);
    else query.set(name, state[name] === true ? "1" : state[name]);
  }
  const text = query.toString();
  return location.pathname + (text ? `?${text}` : "");
}

/** The edges that a state draws. A focused body misses nothing, so its ties are drawn among the gaps.
    Judgements are too many to stand among all ties: they come with a focus, or when they alone are asked for. */
export function chosen(state, edges, nodes) {
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
  const names = (node) => [node.id, node.code, node.label, node.name].map((name) => name.toLowerCase());
  const all = [...nodes.values()];
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
