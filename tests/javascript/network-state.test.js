import assert from "node:assert/strict";
import { test } from "node:test";

import { describeDrawing, drawingQuery, findNode, otherEnd, readState, visibleEdges } from "../../static/network-state.js";

/** @typedef {import("../../static/network-types.js").Edge} Edge */

const FRANCE = "participant.FRA";
const CONGO = "participant.COG";
const UNTOC = "instrument.untoc";
const GRECO = "body.greco";

/**
 * @param {Partial<Edge>} edge
 * @returns {Edge}
 */
const edge = (edge) => ({ from: CONGO, to: UNTOC, kind: "signed-only", view: "gaps", title: "", ...edge });
const nodes = new Map([[FRANCE, { region: "Europe" }], [CONGO, { region: "Africa" }], [UNTOC, { region: "" }], [GRECO, { region: "" }]]);
const missing = edge({});
const notInForce = edge({ to: "instrument.new", pending: true });
const party = edge({ from: FRANCE, kind: "party", view: "ties" });
const member = edge({ from: FRANCE, to: GRECO, kind: "member", view: "ties" });
const assessed = edge({ from: FRANCE, to: GRECO, kind: "assessed", view: "ties" });
const all = [missing, notInForce, party, member, assessed];

/** @param {string} search */
const visible = (search) => visibleEdges(readState(search, "gaps"), all, nodes);

test("an address without a view has the usual one, and empty parameters ask for nothing", () => {
  assert.deepEqual(readState("?focus=&region=Africa", "backbone"), {
    view: "backbone", instrument: "", region: "Africa", standing: "", focus: "", pending: false,
  });
  assert.equal(readState("?view=ties&pending=1", "gaps").pending, true);
});

test("gaps leave out instruments that are not in force, unless they are asked for", () => {
  assert.deepEqual(visible(""), [missing]);
  assert.deepEqual(visible("?pending=1"), [missing, notInForce]);
  assert.deepEqual(visible("?instrument=new"), [notInForce]);
});

test("edges are narrowed by instrument, region and standing", () => {
  assert.deepEqual(visible("?region=Europe"), []);
  assert.deepEqual(visible("?region=Africa"), [missing]);
  assert.deepEqual(visible("?view=ties&standing=party"), [party]);
  assert.deepEqual(visible("?view=ties&instrument=untoc"), [party]);
});

test("assessments come with a focus or when they alone are asked for", () => {
  assert.deepEqual(visible("?view=ties"), [party, member]);
  assert.deepEqual(visible("?view=ties&standing=assessed"), [assessed]);
  assert.deepEqual(visible(`?view=ties&focus=${FRANCE}`), [party, member, assessed]);
});

test("a focused body has its ties drawn among the gaps", () => {
  assert.deepEqual(visible(`?focus=${GRECO}`), [missing, member, assessed]);
});

test("other views draw whatever the server sent", () => {
  assert.equal(visibleEdges(readState("?view=ego&region=Asia", "gaps"), all, nodes), all);
});

const PART = { allTies: false, allChanges: false };

test("states that share a drawing ask by the same query", () => {
  const search = "?view=ties&as_of=2003-07-01&region=Asia&focus=participant.FRA&one=FRA";
  const state = readState(search, "gaps");
  assert.equal(drawingQuery(search, state, { allTies: true, allChanges: false }), "view=gaps&as_of=2003-07-01");
  assert.equal(drawingQuery(search, state, PART), "view=ties&as_of=2003-07-01&region=Asia&focus=participant.FRA");
});

test("profiles are asked for by all their instruments, and changes by focus only where not all are held", () => {
  const profiles = "?view=profiles&of=untoc&of=uncac&of=&focus=profile.1";
  assert.equal(drawingQuery(profiles, readState(profiles, "gaps"), PART), "view=profiles&of=untoc&of=uncac");
  const changes = "?view=changes&from=2003-01-01&focus=participant.FRA";
  const state = readState(changes, "gaps");
  assert.equal(drawingQuery(changes, state, PART), "view=changes&from=2003-01-01&focus=participant.FRA");
  assert.equal(drawingQuery(changes, state, { allTies: false, allChanges: true }), "view=changes&from=2003-01-01");
});

test("a typed word means the node with that code or name, else one that starts with it, else one that contains it", () => {
  const named = [
    { id: "participant.COD", label: "DR Congo", name: "Democratic Republic of the Congo" },
    { id: CONGO, label: "Congo", name: "Congo" },
    { id: "participant.FRA", label: "France", name: "France" },
  ];
  assert.equal(findNode(" congo ", named)?.id, CONGO);
  assert.equal(findNode("cod", named)?.id, "participant.COD");
  assert.equal(findNode("fr", named)?.id, FRANCE);
  assert.equal(findNode("republic", named)?.id, "participant.COD");
  assert.equal(findNode("Atlantis", named), undefined);
  assert.equal(findNode("  ", named), undefined);
});

test("the other end of an edge", () => {
  assert.equal(otherEnd(party, FRANCE), UNTOC);
  assert.equal(otherEnd(party, UNTOC), FRANCE);
});

/**
 * @param {string} search
 * @param {Edge[]} edges
 * @param {Partial<Parameters<typeof describeDrawing>[2]>} [drawing]
 */
const description = (search, edges, drawing) => describeDrawing(readState(search, "gaps"), edges, { total: edges.length, complete: true, ...drawing });

test("what is drawn is counted in words", () => {
  assert.equal(description("", [missing]), "1 missing tie drawn");
  assert.equal(description("", [missing, notInForce, member]), "2 missing ties and 1 tie of a body drawn");
  assert.equal(description("?view=ties", [party, member]), "2 ties drawn");
  assert.equal(description("?view=ties", [], { complete: false, total: 12_345 }), "0 of 12,345 ties drawn: choose a mark");
  assert.equal(description("?view=profiles", [], { profiles: 14, shown: 14 }), "14 profiles drawn");
  assert.equal(description("?view=profiles", [], { profiles: 90, shown: 40 }), "40 of 90 profiles drawn");
  assert.equal(description("?view=changes", [party], { total: 4 }), "1 change drawn; 3 judgements by bodies are in the table");
  assert.equal(description("?view=changes", [party]), "1 change drawn");
});
