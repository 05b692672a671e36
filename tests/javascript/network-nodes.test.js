import assert from "node:assert/strict";
import { test } from "node:test";

import { nextNode, nodeNear } from "../../static/network-nodes.js";

/** @typedef {import("../../static/network-types.js").DrawnNode} DrawnNode */

/**
 * @param {string} id
 * @param {DrawnNode["group"]} group
 * @param {number} x
 * @param {number} y
 * @returns {DrawnNode}
 */
const node = (id, group, x, y) => ({ id, group, code: id, label: id, name: id, x, y, told: [] });

test("among clocks the keys go on in reading order and from row to row", () => {
  const rows = [0, 1, 2, 3, 4].map((n) => node(`clock-${n}`, "clock", 100 * (n % 3), n < 3 ? 0 : 100));
  const [first, , third, fourth] = rows;
  assert.equal(nextNode("ArrowRight", undefined, rows), first);
  assert.equal(nextNode("ArrowRight", third, rows), fourth);
  assert.equal(nextNode("ArrowDown", first, rows), fourth);
  assert.equal(nextNode("ArrowLeft", first, rows), rows[4]);
});

const ring = [
  node("south", "participant", 0, 100), node("north", "participant", 0, -100), node("east", "participant", 100, 0),
  node("low", "instrument", 5, 50), node("high", "instrument", 5, -50),
];
const chart = [
  node("a", "column", 0, 0), node("b", "column", 27, 0), node("1", "profile", 0, 21), node("2", "profile", 0, 42),
];

/**
 * @param {string} key
 * @param {string} from
 * @param {DrawnNode[]} nodes
 */
const led = (key, from, nodes) => nextNode(key, nodes.find(({ id }) => id === from), nodes)?.id;

test("right and left walk round the ring, whatever the order of the nodes", () => {
  assert.equal(led("ArrowRight", "north", ring), "east");
  assert.equal(led("ArrowRight", "south", ring), "north");
  assert.equal(led("ArrowLeft", "north", ring), "south");
  assert.equal(led("ArrowRight", "", ring), "north");
});

test("up and down go between kinds of node, to the nearest in direction, and stop at the ends", () => {
  assert.equal(led("ArrowDown", "east", ring), "low");
  assert.equal(led("ArrowUp", "low", ring), "south");
  assert.equal(led("ArrowUp", "north", ring), "north");
});

test("in the chart up and down go by rows, right and left by columns, and round", () => {
  assert.equal(led("ArrowDown", "", chart), "1");
  assert.equal(led("ArrowDown", "2", chart), "1");
  assert.equal(led("ArrowRight", "a", chart), "b");
  assert.equal(led("ArrowLeft", "a", chart), "b");
});

test("other keys mean nothing, and where there is nothing to walk to they lead nowhere", () => {
  assert.equal(led("x", "north", ring), undefined);
  assert.equal(led("ArrowRight", "", []), undefined);
});

test("the nearest node within reach is meant", () => {
  assert.equal(nodeNear(ring, { x: 95, y: 5 })?.id, "east");
  assert.equal(nodeNear(ring, { x: 60, y: 60 }), undefined);
});
