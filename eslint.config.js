// Types are checked where the tools' tsconfig reaches. Kernel code has its own types (compiler/lib) and its own checker, the
// compiler, so it only gets rules of syntax.
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const subset = [
  "kernel/**/*.ts",
  "test/compiler/accept/**/*.ts",
  "test/**/programs/**/*.ts",
  "test/fakes/**/*.ts",
];

export default defineConfig(
  globalIgnores([
    "build/",
    "bench/",
    "compiler/lib/",
    "test/compiler/reject/",
    "test/compiler/accept/",
    "**/*.mjs",
    "eslint.config.js",
  ]),
  {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser },
    rules: {
      eqeqeq: "error",
      "no-constant-binary-expression": "error",
      "no-constant-condition": ["error", { checkLoops: false }],
      "no-control-regex": "error",
      "no-debugger": "error",
      "no-duplicate-case": "error",
      "no-else-return": "error",
      "no-empty": "error",
      "no-irregular-whitespace": "error",
      "no-self-assign": "error",
      "no-unreachable": "error",
      "no-unsafe-finally": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["compiler/**/*.ts", "tools/**/*.ts", "test/**/*.ts"],
    ignores: subset,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": "off", // numbers and bigints read well in messages
    },
  },
  {
    files: subset,
    rules: { "prefer-const": "off" }, // a const of a literal is an untyped constant; a let has a machine type and a place
  },
);
