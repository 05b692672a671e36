import assert from "node:assert/strict";
import { test } from "node:test";

import { keyAction } from "../../static/network-keyboard.js";

/** @typedef {import("../../static/network-types.js").DrawnNode} DrawnNode */

/**
 * @param {DrawnNode["group"]} group
 * @param {string} code
 * @param {number} x
 * @param {number} y
 * @returns {DrawnNode}
 */
const node = (group, code, x = 0, y = 0) => ({ id: `${group}.${code}`, group, code, x, y, label: code, name: code, region: "", angle: 0, facts: {} });

// clockwise from the top, in another order than they stand
const RING = [node("participant", "left", -9, 0), node("participant", "top", 0, -9), node("participant", "right", 9, 0),
  node("instrument", "low", 0.1, 3), node("instrument", "high", 0.1, -3)];
const CHART = [node("column", "a"), node("column", "b"), node("profile", "1"), node("profile", "2"), node("profile", "3")];

/**
 * The id that a key moves the focus to, or what else it does.
 * @param {string} key
 * @param {DrawnNode[]} nodes
 * @param {string} focus
 * @param {"gaps" | "profiles"} [view]
 */
function press(key, nodes, focus, view = "gaps") {
  let result = "";
  const action = keyAction(key, {
    drawing: { nodes: new Map(nodes.map((each) => [each.id, each])) },
    state: { view, focus },
    focus: (id) => { result = id; },
    zoom: (factor) => { result = `zoom ${factor.toFixed(2)}`; },
    fit: () => { result = "fit"; },
    open: ({ id }) => { result = `open ${id}`; },
  });
  action?.();
  return action ? result : undefined;
}

test("right and left walk round the ring, whatever the order of the nodes", () => {
  assert.equal(press("ArrowRight", RING, ""), "participant.top");
  assert.equal(press("ArrowLeft", RING, ""), "participant.top");
  assert.equal(press("ArrowRight", RING, "participant.top"), "participant.right");
  assert.equal(press("ArrowLeft", RING, "participant.top"), "participant.left");
  assert.equal(press("ArrowRight", RING, "participant.left"), "participant.top");
});

test("up and down go between participants and instruments, to the nearest in direction, and stop at the ends", () => {
  assert.equal(press("ArrowDown", RING, "participant.right"), "instrument.low");
  assert.equal(press("ArrowUp", RING, "instrument.high"), "participant.right");
  assert.equal(press("ArrowDown", RING, "instrument.low"), "instrument.low");
  assert.equal(press("ArrowUp", RING, "participant.top"), "participant.top");
});

test("in the chart up and down go by rows, right and left by columns, and round", () => {
  assert.equal(press("ArrowDown", CHART, "", "profiles"), "profile.1");
  assert.equal(press("ArrowUp", CHART, "", "profiles"), "profile.3");
  assert.equal(press("ArrowDown", CHART, "profile.3", "profiles"), "profile.1");
  assert.equal(press("ArrowRight", CHART, "profile.3", "profiles"), "column.a");
  assert.equal(press("ArrowLeft", CHART, "column.a", "profiles"), "column.b");
});

test("other keys zoom, fit and open; the rest mean nothing", () => {
  assert.equal(press("+", RING, ""), "zoom 1.30");
  assert.equal(press("-", RING, ""), "zoom 0.77");
  assert.equal(press("0", RING, ""), "fit");
  assert.equal(press("Enter", RING, "participant.top"), "open participant.top");
  assert.equal(press("Enter", RING, ""), "");
  assert.equal(press("x", RING, ""), undefined);
  assert.equal(press("constructor", RING, ""), undefined);
});

test("nothing to walk to moves nothing", () => {
  assert.equal(press("ArrowRight", [], ""), "");
  assert.equal(press("ArrowRight", CHART.slice(2), "", "profiles"), "");
});
