/** `npm run lint`: everything that a machine can say of the source without running it. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "./rig/paths.ts";
import { runCommand } from "./setup/command.ts";

interface Check {
  readonly name: string;
  /** A program of node_modules with its arguments. */
  readonly command: readonly [string, ...string[]];
}

const checks: readonly Check[] = [
  { name: "types of the tools", command: ["typescript/bin/tsc", "-p", "."] },
  { name: "types of the kernel", command: ["typescript/bin/tsc", "-p", "kernel"] },
  { name: "format", command: ["prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."] },
  { name: "rules", command: ["eslint/bin/eslint.js", "--max-warnings=0", "--cache", "."] },
];

const eslintCache = path.join(projectRoot, "build/cache/eslint");

/** Runs all checks, two at a time, and prints what those say that fail. Whether all passed. */
export async function lint(): Promise<boolean> {
  const results = new Map<Check, boolean>();
  const queue = [...checks];
  const worker = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      results.set(check, await runCheck(check));
    }
  };
  await Promise.all([worker(), worker()]);
  return [...results.values()].every((passed) => passed);
}

async function runCheck({ name, command: [program, ...args] }: Check): Promise<boolean> {
  const started = performance.now();
  const extra = program.startsWith("eslint") ? ["--cache-location", eslintCache] : [];
  const file = path.join(projectRoot, "node_modules", program);
  const result = await runCommand(process.execPath, [file, ...args, ...extra], { cwd: projectRoot });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const passed = result.status === 0;
  console.log(`lint: ${name}: ${passed ? "fine" : "FAILED"} (${seconds} s)`);
  if (!passed) console.log(`${result.stdout}${result.stderr}`.trimEnd());
  return passed;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.exitCode = (await lint()) ? 0 : 1;
}
