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
const party = edge({ from: FRANCE, kind: "party", view: "ties" });
const member = edge({ from: FRANCE, to: GRECO, kind: "member", view: "ties" });
const assessed = edge({ from: FRANCE, to: GRECO, kind: "assessed", view: "ties" });
const all = [party, member, assessed];

/** @param {string} search */
const visible = (search) => visibleEdges(readState(search, "ties"), all);

test("an address without a view has the usual one, and empty parameters ask for nothing", () => {
  assert.deepEqual(readState("?focus=&region=Africa", "backbone"), {
    view: "backbone", instruments: [], standing: [], focus: "", pending: false,
  });
  assert.equal(readState("?view=ties&pending=1", "gaps").pending, true);
});

test("links are narrowed by instrument and standing, and by the server to the participants asked for", () => {
  assert.deepEqual(visible("?region=Asia"), [party, member]);
  assert.deepEqual(visible("?standing=party"), [party]);
  assert.deepEqual(visible("?instrument=untoc"), [party]);
});

test("assessments come with a focus or when they alone are asked for", () => {
  assert.deepEqual(visible(""), [party, member]);
  assert.deepEqual(visible("?standing=assessed"), [assessed]);
  assert.deepEqual(visible(`?focus=${FRANCE}`), [party, member, assessed]);
});

test("other views draw whatever the server sent", () => {
  assert.equal(visibleEdges(readState("?view=ego&region=Asia", "gaps"), all), all);
});

test("states that share a drawing ask by the same query", () => {
  const search = "?view=ties&as_of=2003-07-01&region=Asia&focus=participant.FRA&one=FRA";
  const state = readState(search, "gaps");
  assert.equal(drawingQuery(search, state, true), "view=ties&as_of=2003-07-01&region=Asia");
  assert.equal(drawingQuery(search, state, false), "view=ties&as_of=2003-07-01&region=Asia&focus=participant.FRA");
});

test("profiles are asked for by all their instruments, and painted pictures by anything but the focus", () => {
  const profiles = "?view=profiles&of=untoc&of=uncac&of=&focus=profile.1";
  assert.equal(drawingQuery(profiles, readState(profiles, "gaps"), true), "view=profiles&of=untoc&of=uncac");
  const changes = "?view=changes&from=2003-01-01&focus=participant.FRA";
  assert.equal(drawingQuery(changes, readState(changes, "gaps"), true), "view=changes&from=2003-01-01");
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
  assert.equal(description("?view=ties", [party, member]), "2 links drawn");
  assert.equal(description("?view=ties", [party]), "1 link drawn");
  assert.equal(description("?view=ties", [], { complete: false, total: 12_345 }), "0 of 12,345 links drawn: select a node");
  assert.equal(description("?view=profiles", [], { profiles: 14, shown: 14 }), "14 patterns drawn");
  assert.equal(description("?view=profiles", [], { profiles: 90, shown: 40 }), "40 of 90 patterns drawn");
});
