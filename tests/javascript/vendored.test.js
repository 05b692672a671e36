import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { vendoredFiles } from "../../scripts/copy_vendored.mjs";

test("the libraries in static/vendor are those of the installed packages, with their licences", () => {
  const files = Object.entries(vendoredFiles());
  assert.ok(files.some(([path]) => path.endsWith("/LICENSE")));
  for (const [path, text] of files) {
    assert.equal(readFileSync(new URL(`../../static/vendor/${path}`, import.meta.url), "utf8"), text, `${path}: npm run vendor`);
  }
});
