// The keyboard in the picture: arrows walk round and between, Enter opens, plus and minus zoom.

const ORDER = ["participant", "instrument", "body"];

/** What a key means in a picture, as a function to call; nothing for keys that mean nothing here. */
export function meaning(key, { drawing, state, focus, zoom, fit, open }) {
  const all = [...drawing.nodes.values()];
  const now = drawing.nodes.get(state.focus);
  const moves = state.view === "profiles" ? inChart(all, now, focus) : onRing(all, now, focus);
  return { ...moves, "+": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: fit, Enter: () => now && open(now) }[key];
}

function inChart(all, now, focus) {
  const along = (group, by) => () => {
    const row = all.filter((node) => node.group === group);
    const at = now?.group === group ? row.indexOf(now) + by : by > 0 ? 0 : row.length - 1;
    focus(row.at(at % row.length).id);
  };
  return {
    ArrowDown: along("profile", 1), ArrowUp: along("profile", -1),
    ArrowRight: along("column", 1), ArrowLeft: along("column", -1),
  };
}

function onRing(all, now, focus) {
  const groups = ORDER.filter((group) => all.some((node) => node.group === group));
  const group = now?.group ?? groups[0];
  const next = (by) => groups[Math.min(groups.length - 1, Math.max(0, groups.indexOf(group) + by))];
  return {
    ArrowRight: () => step(all, now, group, 1, focus), ArrowLeft: () => step(all, now, group, -1, focus),
    ArrowUp: () => step(all, now, next(-1), 0, focus), ArrowDown: () => step(all, now, next(1), 0, focus),
  };
}

/** The next node of a group by its direction from the middle, clockwise from the top. */
function step(all, now, group, by, focus) {
  const turn = (node) => (Math.atan2(node.x, -node.y) + 2 * Math.PI) % (2 * Math.PI);
  const round = all.filter((node) => node.group === group).sort((one, other) => turn(one) - turn(other));
  if (!round.length) return;
  const at = now?.group === group ? round.indexOf(now) : now ? Math.max(0, round.findIndex((node) => turn(node) >= turn(now))) : -by;
  focus(round.at((at + by + round.length) % round.length).id);
}
