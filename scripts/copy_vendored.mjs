// Copies the libraries that the browser scripts use from node_modules to static/vendor/, each with its licence.
//
//   npm ci && npm run vendor
//
// package-lock.json says which version is copied; a test compares the copies with the installed packages.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGES = new URL("../node_modules/", import.meta.url);
const TARGET = new URL("../static/vendor/", import.meta.url);

/**
 * The files to be written, by their path under static/vendor/.
 * @returns {Record<string, string>}
 */
export function vendoredFiles() {
  /** @param {string} path */
  const read = (path) => readFileSync(new URL(`idiomorph/${path}`, PACKAGES), "utf8");
  const { version } = JSON.parse(read("package.json"));
  // the package offers its small file as a plain script only; the export makes a module of it
  const module = `/* idiomorph ${version}; see LICENSE in this folder */\n${read("dist/idiomorph.min.js").trimEnd()}\nexport { Idiomorph };\n`;
  return {
    "idiomorph/LICENSE": read("LICENSE"),
    "idiomorph/idiomorph.js": module,
    "idiomorph/idiomorph.d.ts": read("dist/idiomorph.d.ts"),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(vendoredFiles())) {
    const file = new URL(path, TARGET);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, text);
  }
}
