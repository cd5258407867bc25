/** Tells whether a kernel that was built before is what a build would give now. */
import { spawnSync } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCCompiler } from "../compiler/build/cc.ts";
import { projectRoot } from "./rig/paths.ts";

/** What a kernel is made from. */
const sources = ["kernel", "boot", "compiler", "linker.ld", "package-lock.json"];

/** A hash of all that decides on what the compiler makes when it is called with `args`. */
export function fingerprint(args: readonly string[]): string {
  const compiler = spawnSync(findCCompiler("clang"), ["--version"]).stdout;
  const hash = createHash("sha256").update(JSON.stringify(args)).update(compiler);
  for (const source of sources) addFiles(hash, source);
  return hash.digest("hex");
}

/** Whether `elf` was built from what has this fingerprint, and nobody replaced it since. */
export function isCurrent(elf: string, inputs: string): boolean {
  const kept = stampFile(elf);
  return existsSync(elf) && existsSync(kept) && readFileSync(kept, "utf8") === stampOf(elf, inputs);
}

/** Remembers that `elf` was built from what has this fingerprint. */
export function stamp(elf: string, inputs: string): void {
  writeFileSync(stampFile(elf), stampOf(elf, inputs));
}

function stampFile(elf: string): string {
  return `${elf}.stamp`;
}

function stampOf(elf: string, inputs: string): string {
  return createHash("sha256").update(inputs).update(readFileSync(elf)).digest("hex");
}

/** Adds the files at and below `path`, which is relative to the project. */
function addFiles(hash: Hash, path: string): void {
  const place = join(projectRoot, path);
  if (statSync(place).isDirectory()) {
    for (const name of readdirSync(place).sort()) addFiles(hash, join(path, name));
  } else {
    hash.update(`${path}\0`).update(readFileSync(place));
  }
}
