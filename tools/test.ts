/**
 * `npm test`: lint and all tests, after the packages that they need. With arguments, only AVA, which gets them:
 * `npm test -- test/compiler/accept.test.ts`. The last line counts: `N passed, N failed, N skipped`.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { lint } from "./lint.ts";
import { projectRoot } from "./rig/paths.ts";
import { EnvironmentError, exitCodes } from "./rig/verdict.ts";
import { ensureHostPackages } from "./setup/host.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs AVA with its output passed through; AVA's own summary says the counts. */
function runTests(args: readonly string[]): Promise<Counts> {
  const program = path.join(projectRoot, "node_modules/ava/entrypoints/cli.mjs");
  const color = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const child = spawn(process.execPath, [program, ...args], {
    cwd: projectRoot,
    stdio: ["inherit", "pipe", "inherit"],
    env: { ...process.env, ...color },
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    process.stdout.write(text);
    output = (output + text).slice(-100_000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      resolve(countsIn(stripVTControlCharacters(output), status));
    });
  });
}

function countsIn(output: string, status: number | null): Counts {
  const count = (pattern: RegExp): number =>
    [...output.matchAll(pattern)].reduce((sum, [, found]) => sum + Number(found), 0);
  const failed =
    count(/^ {2}(\d+) (?:tests?|known failures?|hooks?) failed$/gm) +
    count(/^ {2}(\d+) (?:uncaught exceptions?|unhandled rejections?|tests? remained pending.*|timeouts?)$/gm);
  return {
    passed: count(/^ {2}(\d+) tests? passed$/gm),
    // A run that ends badly without saying why has failed all the same.
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: count(/^ {2}(\d+) tests? (?:skipped|todo)$/gm),
  };
}

async function main(args: readonly string[]): Promise<number> {
  await ensureHostPackages(["compiler", "sanitizers", "abi", "rig"]);
  const clean = args.length > 0 || (await lint());
  const { passed, failed, skipped } = await runTests(args);
  if (!clean) console.log("\nlint failed: its messages are above the tests'");
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  return clean && failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = exitCodes.environment;
}
