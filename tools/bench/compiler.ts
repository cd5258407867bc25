/**
 * `npm run bench:compiler`: kernel work in TypeScript compiled by xenlet, beside the same in hand-written C, in
 * AssemblyScript by way of wasm2c, and in JavaScript by way of Porffor. docs/decisions/compiler.md explains the figures.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";

import { Command } from "commander";

import { type CCompiler, cCompilers } from "../../compiler/build/cc.ts";
import { ensureHostPackages } from "../setup/host.ts";
import { layouts } from "./compiler/layout.ts";
import { toRows, toTable } from "./compiler/report.ts";
import { runSession } from "./compiler/session.ts";

interface Options {
  readonly json?: boolean;
  readonly rounds: string;
  readonly with?: string;
  readonly instructions?: boolean;
}

const options = new Command("bench:compiler")
  .description("Measures compiled TypeScript against hand-written C, and other ways to get to C.")
  .option("--json", "print rows of { name, value, unit, peer, ratio }")
  .option("--rounds <count>", `rounds at each of the ${layouts.length} layouts`, "41")
  .option("--with <compiler>", `only one C compiler: ${cCompilers.join(" or ")}`)
  .option("--instructions", "also count instructions with valgrind")
  .parse()
  .opts<Options>();

await ensureHostPackages(["compiler", "bench"]);
// One CPU for all of it: a move to another in the middle of a sample costs more than what is measured.
spawnSync("taskset", ["-apc", String(availableParallelism() - 1), String(process.pid)]);

const compilers = cCompilers.filter((name: CCompiler) => options.with === undefined || name === options.with);
const cells = await runSession({
  directory: path.resolve(import.meta.dirname, "../../build/bench/compiler"),
  compilers,
  rounds: Number(options.rounds),
  instructions: options.instructions === true,
  step: (text) => process.stderr.write(`${text}\n`),
});
console.log(options.json ? JSON.stringify(toRows(cells), undefined, 2) : toTable(cells));
const broken = cells.filter((cell) => cell.form === "xenlet" && cell.verdict !== "ok");
process.exitCode = broken.length > 0 ? 1 : 0;
