import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

import { fetchJson, JsonCache } from "../../static/json-requests.js";
import { LatestTask } from "../../static/latest-task.js";

/** @type {string[]} */
let requests = [];
let failing = false;
const server = createServer((request, response) => {
  requests.push(request.url ?? "");
  response.writeHead(failing ? 500 : 200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ path: request.url, number: requests.length }));
});
let origin = "";

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address && typeof address === "object") origin = `http://127.0.0.1:${address.port}`;
});
after(() => server.close());

test("JSON is fetched, and a refusal is an error that says so", async () => {
  assert.equal((await fetchJson(`${origin}/a`)).path, "/a");
  failing = true;
  await assert.rejects(fetchJson(`${origin}/b`), /\/b answered 500/);
  failing = false;
});

test("what was fetched is not fetched again", async () => {
  requests = [];
  const cache = new JsonCache();
  const [one, other] = await Promise.all([cache.get(`${origin}/same`), cache.get(`${origin}/same`)]);
  assert.equal(one, other);
  assert.equal(await cache.get(`${origin}/same`), one);
  assert.deepEqual(requests, ["/same"]);
});

test("a request that failed is not remembered: the next one tries again", async () => {
  const cache = new JsonCache();
  failing = true;
  await assert.rejects(cache.get(`${origin}/later`));
  failing = false;
  assert.equal((await cache.get(`${origin}/later`)).path, "/later");
});

test("only so many answers are remembered, the oldest are dropped", async () => {
  const cache = new JsonCache(2);
  for (const name of ["1", "2", "3"]) await cache.get(`${origin}/${name}`);
  requests = [];
  for (const name of ["3", "2", "1"]) await cache.get(`${origin}/${name}`);
  assert.deepEqual(requests, ["/1"]);
});

test("a task runs once for each request that is served in turn", async () => {
  let runs = 0;
  const task = new LatestTask(() => Promise.resolve((runs += 1)));
  await task.request();
  await task.request();
  assert.equal(runs, 2);
});

test("requests during a run are served by one more run, and all wait for it", async () => {
  /** @type {number[]} */
  const served = [];
  let wanted = 0;
  const task = new LatestTask(async () => {
    const mine = wanted;
    await wait(20);
    served.push(mine);
  });
  const all = [1, 2, 3].map((number) => {
    wanted = number;
    return task.request();
  });
  await Promise.all(all);
  assert.deepEqual(served, [1, 3]);
});

test("an outdated run that takes too long is aborted, and the latest request is served", async () => {
  let runs = 0;
  const task = new LatestTask(async (signal) => {
    runs += 1;
    if (runs === 1) await wait(60_000, undefined, { signal });
  });
  const first = task.request();
  const began = performance.now();
  await task.request();
  await first;
  assert.equal(runs, 2);
  assert.ok(performance.now() - began < 5_000);
});

test("a task that fails rejects its request, and the next one runs", async () => {
  let failures = 1;
  const task = new LatestTask(() => (failures-- > 0 ? Promise.reject(new Error("no")) : Promise.resolve()));
  await assert.rejects(task.request(), /no/);
  await task.request();
});
