// The panel beside the picture: the facts of the focused node, and every tie it has or misses, in words.

import { across, touches } from "./network-state.js";

const FEW = 14; // longer lists of ties that are there stay folded

/** Fill the panel with a node, or empty it; `choose` is called with the id of a node that the reader picks. */
export function show(node, drawing, href, choose) {
  const [panel, lists] = [document.getElementById("panel"), document.getElementById("its-ties")];
  panel.replaceChildren(...(node ? head(node, href, choose) : []));
  lists.replaceChildren(...(node ? groups(node, drawing, choose) : []));
  panel.parentElement.scrollTop = 0;
}

function head(node, href, choose) {
  const heading = element("h2", node.group === "participant" ? node.name : node.label);
  const leave = element("button", "Clear");
  leave.type = "button";
  leave.className = "leave";
  leave.addEventListener("click", () => choose(""));
  const open = element("a", `Open the page of ${node.label}`);
  open.href = href;
  open.className = "open";
  return [leave, heading, kindLine(node), facts(node), open];
}

function kindLine(node) {
  const kind = node.group[0].toUpperCase() + node.group.slice(1);
  const line = element("p", node.group === "participant" || node.name === node.label ? kind : `${kind}: ${node.name}`);
  line.className = "kind";
  return line;
}

function facts(node) {
  const list = element("dl");
  list.className = "facts";
  for (const [name, value] of Object.entries(node.facts)) {
    if (value === "") continue;
    list.append(element("dt", name[0].toUpperCase() + name.slice(1)), element("dd", String(value)));
  }
  return list;
}

/** One folding list for each kind of tie; what is missing first. */
function groups(node, drawing, choose) {
  const mine = drawing.edges.filter((edge) => touches(edge, node.id));
  const missing = new Set(mine.filter((edge) => edge.view === "gaps").map((edge) => edge.from + edge.to));
  return Object.entries(drawing.kinds).flatMap(([kind, words]) => {
    const found = mine.filter((edge) => edge.kind === kind && (edge.view === "gaps" || !(edge.kind !== "party" && missing.has(edge.from + edge.to))));
    return found.length ? [group(node, words, found, drawing, choose)] : [];
  });
}

function group(node, words, edges, drawing, choose) {
  const box = element("details");
  box.open = edges.length <= FEW || edges[0].view === "gaps";
  box.dataset.kind = edges[0].kind;
  const list = element("ul");
  list.append(...edges.map((edge) => item(drawing.nodes.get(across(edge, node.id)), edge, choose)));
  box.append(element("summary", `${words} (${edges.length})`), list);
  return box;
}

function item(other, edge, choose) {
  const line = element("li");
  const link = element("a", other.label);
  link.href = `?focus=${encodeURIComponent(other.id)}`;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    choose(other.id);
  });
  line.append(link, element("small", edge.title + (edge.pending ? " (not in force)" : "")));
  return line;
}

function element(name, text) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  return made;
}
