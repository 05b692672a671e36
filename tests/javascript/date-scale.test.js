import assert from "node:assert/strict";
import { test } from "node:test";

import { DateScale, longDate } from "../../static/date-scale.js";

/** @type {import("../../static/date-scale.js").Timeline} */
const TIMELINE = {
  first: "2000-12-12",
  days: [["2000-12-12", 120], ["2003-07-01", 1]],
  milestones: [
    { day: "2003-07-01", what: "threshold reached", instrument_name: "UNTOC" },
    { day: "2003-09-29", what: "entry into force", instrument_name: "UNTOC" },
    { day: "2003-09-29", what: "review begins", instrument_name: "UNTOC" },
  ],
};
const TODAY = "2026-11-22";
const scale = new DateScale(TIMELINE, TODAY, TODAY);

test("positions count days from the first date, and back", () => {
  assert.equal(scale.positionOf("2000-12-12"), 0);
  assert.equal(scale.positionOf("2001-12-12"), 365);
  for (const date of ["2000-12-13", "2004-02-29", TODAY]) assert.equal(scale.dateAt(scale.positionOf(date)), date);
  assert.equal(scale.dateAt(scale.lastPosition), TODAY);
});

test("arrow keys stop where something happened, and stay at the ends", () => {
  assert.equal(scale.dateForKey("ArrowRight", "2000-12-12"), "2003-07-01");
  assert.equal(scale.dateForKey("ArrowUp", "2003-07-02"), "2003-09-29");
  assert.equal(scale.dateForKey("ArrowLeft", "2003-07-02"), "2003-07-01");
  assert.equal(scale.dateForKey("ArrowDown", "2000-12-12"), "2000-12-12");
  assert.equal(scale.dateForKey("ArrowRight", TODAY), TODAY);
});

test("page keys go by years within the scale, home and end to its ends", () => {
  assert.equal(scale.dateForKey("PageUp", "2003-07-01"), "2004-07-01");
  assert.equal(scale.dateForKey("PageUp", "2004-02-29"), "2005-03-01");
  assert.equal(scale.dateForKey("PageDown", "2001-01-01"), "2000-12-12");
  assert.equal(scale.dateForKey("PageUp", TODAY), TODAY);
  assert.equal(scale.dateForKey("Home", TODAY), "2000-12-12");
  assert.equal(scale.dateForKey("End", "2003-07-01"), TODAY);
  assert.equal(scale.dateForKey("a", TODAY), undefined);
});

test("a date is described with what happened on it", () => {
  assert.equal(scale.describe("2003-07-01"), "1 July 2003, actions: 1, UNTOC: threshold reached");
  assert.equal(scale.describe("2000-12-12"), "12 December 2000, actions: 120");
  assert.equal(scale.describe("2003-09-29"), "29 September 2003, UNTOC: entry into force, UNTOC: review begins");
  assert.equal(scale.describe(TODAY), "22 November 2026, today");
  assert.equal(longDate("2004-02-29"), "29 February 2004");
  assert.equal(longDate("2003-07-01", "fr"), "1er juillet 2003");
  assert.equal(longDate("2003-07-01", "es"), "1 de julio de 2003");
});

test("the timeline of one instrument does not repeat its name, and counts what the server names", () => {
  const own = new DateScale({ ...TIMELINE, instrument: "untoc", noun: "change" }, TODAY, TODAY);
  assert.equal(own.describe("2003-07-01"), "1 July 2003, changes: 1, threshold reached");
});

test("a date shown outside the timeline widens the scale", () => {
  const early = new DateScale(TIMELINE, TODAY, "1999-01-01");
  assert.equal(early.positionOf("1999-01-01"), 0);
  const late = new DateScale(TIMELINE, TODAY, "2030-01-01");
  assert.equal(late.dateAt(late.lastPosition), "2030-01-01");
});

test("an empty timeline has today as its only stop", () => {
  const empty = new DateScale({ first: null, days: [], milestones: [] }, TODAY, TODAY);
  assert.equal(empty.lastPosition, 0);
  assert.equal(empty.dateForKey("Home", TODAY), TODAY);
  assert.deepEqual(empty.tickPaths(), { counts: "", milestones: "" });
});

test("ticks stand at the share of the time that has passed, higher for more", () => {
  const { counts, milestones } = scale.tickPaths();
  assert.match(counts, /^M0\.0 100v-80M98\.\d 100v-24$/);
  assert.match(milestones, /^M98\.\d 0v100M107\.\d 0v100$/);
});
