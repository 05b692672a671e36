import assert from "node:assert/strict";
import { test } from "node:test";

import { found, sentence, spread, stepped } from "../../static/network-painting.js";

/** @typedef {import("../../static/network-types.js").PaintedPlaces} PaintedPlaces */

/**
 * @param {string} name
 * @param {string} region
 * @param {number} start
 */
const participant = (name, region, start) => ({ id: `participant.${name}`, name, short: name, region, start, end: start + 0.5, count: 0 });
const [andorra, belgium, chad] = [participant("Andorra", "Europe", 0), participant("Belgium", "Europe", 0.5), participant("Chad", "Africa", 1.2)];
const outside = { id: "instrument.a", name: "A", inner: 200, outer: 300, count: 0 };
const inside = { id: "instrument.b", name: "B", inner: 100, outer: 200, count: 0 };
/** @type {PaintedPlaces} */
const places = {
  as_of: "2026-11-22", participants: [andorra, belgium, chad], treaties: [outside, inside],
  subject: "", sentences: ["party", "not eligible"], words: [[0, 1, -1], [1, 1, 1]], outstanding: [[], []],
};

/**
 * @param {number} distance
 * @param {number} angle
 */
const at = (distance, angle) => found(places, { x: distance * Math.sin(angle), y: -distance * Math.cos(angle) });

test("the angle is the participant and the distance the treaty", () => {
  assert.deepEqual(at(250, 0.1), { participant: andorra, treaty: outside });
  assert.deepEqual(at(150, 1.3), { participant: chad, treaty: inside });
  assert.deepEqual(at(350, 0.7), { participant: belgium, treaty: undefined });
});

test("between two regions, in the middle and far outside stands nothing", () => {
  assert.equal(at(250, 1.1).participant, undefined);
  assert.deepEqual(at(20, 0.1), {});
  assert.deepEqual(at(600, 0.1), {});
});

test("inside the rings stands the region, and in their opening the names of the treaties", () => {
  assert.deepEqual(at(90, 1.3), { region: "Africa" });
  assert.deepEqual(found(places, { x: -100, y: -250 }), { treaty: outside });
});

test("the arrows walk round and across, and Home and End go to the ends of a region", () => {
  assert.deepEqual(stepped("ArrowRight", {}, places), { participant: andorra });
  assert.deepEqual(stepped("ArrowLeft", { participant: andorra }, places), { participant: chad });
  assert.deepEqual(stepped("ArrowDown", { treaty: outside }, places), { treaty: inside });
  assert.deepEqual(stepped("End", { participant: andorra }, places), { participant: belgium });
  assert.equal(stepped("x", { participant: andorra }, places), undefined);
});

test("a cell is told by its sentence, and one that there is not by none", () => {
  assert.deepEqual(sentence({ participant: andorra, treaty: outside }, places), ["Andorra", "A: party"]);
  assert.equal(sentence({ participant: chad, treaty: outside }, places), undefined);
  assert.equal(sentence({ participant: andorra }, places), undefined);
});

test("names are moved apart until none touches another", () => {
  const [one = 0, other = 0] = spread([1, 1.01], 0.1);
  assert.ok(other - one > 0.0999);
  assert.deepEqual(spread([1, 2], 0.1), [1, 2]);
});

test("where rings are years, every sentence is about the one treaty", () => {
  assert.deepEqual(sentence({ participant: andorra, treaty: outside }, { ...places, subject: "UNTOC" }), ["Andorra", "UNTOC: party"]);
});
