// The lint rules for JavaScript: the recommended ones, with the rules that know the types for what browsers load.

import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["static/vendor/", ".venv/", "build/", "dist/"]),
  js.configs.recommended,
  { files: ["scripts/*.mjs"], languageOptions: { globals: { process: "readonly" } } },
  {
    files: ["static/*.js", "tests/javascript/*.js", "scripts/copy_vendored.mjs", "eslint.config.js"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "no-undef": "off", // the type checker knows which names browsers have
      // answers of the server come in as `any`; what they hold is said by the types that they are given
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", 500],
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["tests/javascript/*.js"], rules: { "@typescript-eslint/no-floating-promises": "off" } },
);
