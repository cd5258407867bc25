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
  const count = new Counter();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    process.stdout.write(text);
    count.read(text);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      resolve(count.counts(status));
    });
  });
}

/** Counts what AVA's reporter says, line by line; its own summary leaves out the passed tests where one has failed. */
class Counter {
  #passed = 0;
  #failed = 0;
  #skipped = 0;
  #rest = "";

  read(text: string): void {
    const lines = (this.#rest + stripVTControlCharacters(text)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (/^ {2}✔ /.test(line)) this.#passed++;
      else if (/^ {2}- \[(skip|todo)\] /.test(line)) this.#skipped++;
      // The summary at the end: failed tests, and what went wrong outside of any.
      const summed =
        /^ {2}(\d+) (?:tests? failed|hooks? failed|uncaught|unhandled|tests? remained|timed out)/.exec(line);
      this.#failed += Number(summed?.[1] ?? 0);
    }
  }

  counts(status: number | null): Counts {
    // A run that ends badly without saying why has failed all the same.
    const failed = status !== 0 ? Math.max(1, this.#failed) : this.#failed;
    return { passed: this.#passed, failed, skipped: this.#skipped };
  }
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
