import assert from "node:assert/strict";
import { test } from "node:test";

import { edgeOptions, importance, LINE_STYLES } from "../../static/network-line-styles.js";
import { isOnName, shortName, wrapText } from "../../static/network-painter.js";
import { chartNodeAt, shortList } from "../../static/network-profile-chart.js";

/** @typedef {import("../../static/network-types.js").DrawnNode} DrawnNode */

/**
 * @param {Partial<DrawnNode>} fields
 * @returns {DrawnNode}
 */
const node = (fields) => ({ id: "", group: "participant", code: "", label: "", name: "", region: "", x: 0, y: 0, angle: 0, facts: {}, ...fields });

test("labels are wrapped between words", () => {
  assert.deepEqual(wrapText("Smuggling of Migrants Protocol", 15), ["Smuggling of", "Migrants", "Protocol"]);
  assert.deepEqual(wrapText("UNTOC", 15), ["UNTOC"]);
});

test("a short name is the first word that tells it apart, cut where it is long", () => {
  assert.equal(shortName("UN Convention"), "Convention");
  assert.equal(shortName("1988 Drug Convention"), "Drug");
  assert.equal(shortName("Counterterrorism Protocol"), "Counterter…");
  assert.equal(shortName("UN"), "UN");
});

test("as many names are listed as fit, and the rest is counted", () => {
  assert.equal(shortList(["Albania", "Algeria"], 2), "Albania, Algeria");
  assert.equal(shortList(["Albania", "Algeria"], 118), "Albania, Algeria and 116 more");
  assert.equal(shortList(Array.from({ length: 24 }, () => "Antigua and Barbuda"), 24), "Antigua and Barbuda, Antigua and Barbuda and 22 more");
});

test("a point is on a name along its direction, not beside it or behind the mark", () => {
  const ireland = node({ x: 100, y: 0, angle: 0, label: "Ireland" });
  assert.equal(isOnName(ireland, { x: 130, y: 3 }), true);
  assert.equal(isOnName(ireland, { x: 130, y: 9 }), false);
  assert.equal(isOnName(ireland, { x: 90, y: 0 }), false);
  assert.equal(isOnName(ireland, { x: 200, y: 0 }), false);
});

test("a point of the chart finds whole rows, and headings that lean", () => {
  const nodes = [
    node({ id: "a", group: "column" }), node({ id: "b", group: "column" }),
    node({ id: "1", group: "profile" }), node({ id: "2", group: "profile" }),
  ];
  const chart = { nodes: new Map(nodes.map((each) => [each.id, each])), row: 20, shown: 2, width: 60, column: 30, above: 200 };
  assert.equal(chartNodeAt(chart, { x: 300, y: 41 })?.id, "2");
  assert.equal(chartNodeAt(chart, { x: 300, y: 19 })?.id, "1");
  assert.equal(chartNodeAt(chart, { x: 300, y: 70 }), undefined);
  assert.equal(chartNodeAt(chart, { x: 900, y: 20 }), undefined);
  assert.equal(chartNodeAt(chart, { x: 30, y: 0 })?.id, "b");
  assert.equal(chartNodeAt(chart, { x: 30 + 58, y: -100 })?.id, "b");
  assert.equal(chartNodeAt(chart, { x: 30, y: -250 }), undefined);
});

test("edges are highlighted, dimmed and faded by their options", () => {
  const colors = /** @type {import("../../static/network-line-styles.js").Colors} */ (
    /** @type {unknown} */ (new Proxy({}, { get: (_, name) => `the colour ${String(name)}` })));
  /** @type {import("../../static/network-types.js").Edge} */
  const edge = { from: "a", to: "b", kind: "signatory", view: "ties", title: "" };
  const plain = edgeOptions(edge, colors);
  assert.deepEqual(plain, { color: { color: "the colour signatory", opacity: 0.9 }, width: 1.2, dashes: [5, 4] });
  assert.equal(edgeOptions(edge, colors, { highlighted: true }).color.opacity, 1);
  assert.ok(edgeOptions(edge, colors, { dimmed: true }).color.opacity < 0.1);
  assert.equal(edgeOptions(edge, colors, { visibility: 0 }).color.opacity, 0);
  assert.equal(edgeOptions({ ...edge, kind: "alike", share: 0.5 }, colors).width, 2.6);
});

test("no two kinds of line differ by colour alone", () => {
  /** @type {Map<string, string>} */
  const colors = new Map();
  for (const { color, ...look } of Object.values(LINE_STYLES)) {
    const known = colors.get(JSON.stringify(look)) ?? color;
    assert.equal(color, known, `${color} and ${known} look alike without colour`);
    colors.set(JSON.stringify(look), color);
  }
});

test("what is missing is drawn over what is there", () => {
  assert.ok(importance("withdrawn") > importance("party"));
  assert.ok(importance("party") > importance("member"));
  assert.ok(importance("member") > importance(""));
});
