// Makes static/world.json: the outlines of the world map, projected once, keyed by the codes of data/participants.csv.
//
//   cd "$(mktemp -d)" && npm install world-atlas@2 topojson-client@3 d3-geo@3 i18n-iso-countries@7
//   node <checkout>/scripts/make_world.mjs <checkout> "$PWD"
//
// Geometry: Natural Earth (public domain) as world-atlas carries it, 1:110m for outlines, 1:10m for the places of
// States too small to be seen there. Run it again only when States or borders change; the result is committed.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [checkout, packages] = process.argv.slice(2);
const needed = createRequire(join(packages, "here.js"));
const load = (name) => import(needed.resolve(name));
const { feature } = await load("topojson-client");
const { geoArea, geoCentroid, geoContains, geoEqualEarth, geoPath } = await load("d3-geo");
const { numericToAlpha3 } = needed("i18n-iso-countries");

const WIDTH = 2000; // of the drawing; whole numbers are exact enough at this size
const MARGIN = 12; // around it, for circles at its edges
const RADIUS = 9; // of a circle that stands for a small State
const SMALL = 60; // square units: a shape below this can hardly be seen, and gets a circle as well
const CRIMEA = [34.2, 45.2]; // inside the part that Natural Earth draws with the Russian Federation
const SAHARA = { code: "MAR", north: 27.667 }; // where Western Sahara begins, which Natural Earth cuts at the berm
const LEFT_OUT = new Set(["010"]); // Antarctica

const states = participants().filter((each) => ["state", "observer-state"].includes(each.kind));
const known = new Set(participants().map((each) => each.code));
const outlines = features("countries-110m").filter((each) => !LEFT_OUT.has(each.id)).flatMap(withoutCrimea).flatMap(withoutSahara);
const fine = new Map(features("countries-10m").map((each) => [code(each), each]));
const projection = geoEqualEarth().rotate([-11, 0]);
const path = geoPath(projection.fitWidth(WIDTH - 2 * MARGIN, { type: "Sphere" }));
const [[, top], [, bottom]] = path.bounds({ type: "FeatureCollection", features: outlines });
const height = Math.ceil(bottom - top) + MARGIN;
const [left, up] = projection.translate();
projection.translate([left + MARGIN, up - top + MARGIN / 2]);

const shapes = {};
const seen = new Set(); // the codes of shapes large enough to be seen and pointed at
const areas = [];
for (const each of outlines) {
  const drawn = compact(path(each));
  const name = code(each);
  if (!known.has(name)) areas.push(drawn);
  else shapes[name] = drawn;
  if (path.area(each) >= SMALL) seen.add(name);
}
const spots = apart(states.filter((state) => !seen.has(state.code)).map(spot));
writeFileSync(join(checkout, "static/world.json"), `${JSON.stringify({
  source: "Natural Earth 1:110m and 1:10m, public domain, as packaged by world-atlas 2; Equal Earth projection; made by scripts/make_world.mjs",
  box: [WIDTH, height],
  radius: RADIUS,
  shapes: Object.fromEntries(Object.entries(shapes).sort()),
  spots: Object.fromEntries(spots.sort()),
  areas: areas.join(""),
})}\n`);

/** code and kind of every participant; only these two columns are needed, and they come before any quoted one. */
function participants() {
  const [head, ...lines] = readFileSync(join(checkout, "data/participants.csv"), "utf8").split("\n");
  if (!head.startsWith("code,name,kind")) throw new Error("participants.csv no longer starts with code,name,kind");
  return lines.filter(Boolean).map((line) => {
    const found = line.match(/^([A-Z-]+),("[^"]*"|[^,]*),([a-z-]+),/);
    if (!found) throw new Error(`cannot read: ${line.slice(0, 60)}`);
    return { code: found[1], kind: found[3] };
  });
}

function features(name) {
  const world = JSON.parse(readFileSync(join(packages, `node_modules/world-atlas/${name}.json`), "utf8"));
  return feature(world, world.objects.countries).features;
}

/** Our code of a shape; Kosovo has none in ISO 3166 and has one of its own in the record. */
function code(shape) {
  return shape.properties.name === "Kosovo" ? "XKX" : numericToAlpha3(shape.id ?? "") ?? "";
}

/** A shape without the peninsula, and the peninsula as an area of its own, drawn neutrally. */
function withoutCrimea(shape) {
  if (shape.geometry.type !== "MultiPolygon" || !geoContains(shape, CRIMEA)) return [shape];
  const parts = shape.geometry.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
  const kept = parts.filter((part) => !geoContains(part, CRIMEA)).map((part) => part.coordinates);
  const taken = parts.filter((part) => geoContains(part, CRIMEA));
  return [
    { ...shape, geometry: { type: "MultiPolygon", coordinates: kept } },
    ...taken.map((geometry) => ({ type: "Feature", properties: { name: "" }, geometry })),
  ];
}

/** Morocco north of its recognised southern frontier, and the land south of it as an area drawn neutrally. */
function withoutSahara(shape) {
  if (code(shape) !== SAHARA.code) return [shape];
  const [ring] = shape.geometry.coordinates;
  const half = (side) => ({ type: "Polygon", coordinates: [clipped(ring, side)] });
  return [{ ...shape, geometry: half(1) }, { type: "Feature", properties: { name: "" }, geometry: half(-1) }];
}

/** The part of a closed ring north (side 1) or south (side -1) of the frontier's parallel. */
function clipped(ring, side) {
  const inside = ([, y]) => side * (y - SAHARA.north) >= 0;
  const kept = ring.slice(1).flatMap((to, index) => {
    const from = ring[index];
    const at = (SAHARA.north - from[1]) / (to[1] - from[1]);
    const crossing = inside(from) === inside(to) ? [] : [[from[0] + at * (to[0] - from[0]), SAHARA.north]];
    return inside(to) ? [...crossing, to] : crossing;
  });
  return [...kept, kept[0]];
}

/** A path in whole numbers and relative steps: half the size, the same drawing. */
function compact(text) {
  return text.split("M").filter(Boolean).map((ring) => {
    const points = ring.replace("Z", "").split("L").map((pair) => pair.split(",").map((n) => Math.round(Number(n))));
    const steps = [];
    let last = points[0];
    for (const point of points.slice(1)) {
      if (point[0] === last[0] && point[1] === last[1]) continue;
      steps.push(`${point[0] - last[0]},${point[1] - last[1]}`);
      last = point;
    }
    return steps.length < 2 ? "" : `M${points[0]}l${steps.join(" ").replace(/[ ,]-/g, "-")}z`;
  }).join("");
}

/** Where a small State lies: the middle of its largest island or land. */
function spot({ code: name }) {
  const shape = fine.get(name);
  if (!shape) throw new Error(`no place is known for ${name}`);
  const { type, coordinates } = shape.geometry;
  const parts = (type === "Polygon" ? [coordinates] : coordinates).map((c) => ({ type: "Polygon", coordinates: c }));
  const [largest] = parts.sort((a, b) => geoArea(b) - geoArea(a));
  return [name, projection(geoCentroid(largest))];
}

/** The same places, moved apart until no two circles overlap. */
function apart(found) {
  const least = 2 * RADIUS + 2;
  for (let round = 0; round < 400; round += 1) {
    for (const [, a] of found) for (const [, b] of found) {
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const away = Math.hypot(dx, dy);
      if (a === b || away >= least) continue;
      const push = (least - away) / 2 / away;
      a[0] -= dx * push; a[1] -= dy * push; b[0] += dx * push; b[1] += dy * push;
    }
  }
  return found.map(([name, at]) => [name, at.map(Math.round)]);
}
