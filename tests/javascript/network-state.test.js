import assert from "node:assert/strict";
import { test } from "node:test";

import { drawingQuery, findNode, readState } from "../../static/network-state.js";

const FRANCE = "participant.FRA";
const CONGO = "participant.COG";

test("an address without a view has the usual one, and an empty focus is none", () => {
  assert.deepEqual(readState("?focus=&region=Africa", "backbone"), { view: "backbone", focus: "" });
  assert.deepEqual(readState(`?view=ties&focus=${FRANCE}`, "gaps"), { view: "ties", focus: FRANCE });
});

test("states that share a drawing ask by the same query", () => {
  const search = "?view=ties&as_of=2003-07-01&region=Asia&focus=participant.FRA&one=FRA";
  assert.equal(drawingQuery(search, readState(search, "gaps")), "view=ties&as_of=2003-07-01&region=Asia&focus=participant.FRA");
});

test("profiles are asked for by all their instruments, and painted pictures by anything but the focus", () => {
  const profiles = "?view=profiles&of=untoc&of=uncac&of=&focus=profile.1";
  assert.equal(drawingQuery(profiles, readState(profiles, "gaps")), "view=profiles&of=untoc&of=uncac");
  const changes = "?view=changes&from=2003-01-01&focus=participant.FRA";
  assert.equal(drawingQuery(changes, readState(changes, "gaps")), "view=changes&from=2003-01-01");
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
