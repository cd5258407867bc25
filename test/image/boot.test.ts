/** The head and the stubs under a real Xen, as its first domain: see the guests in fixtures/ for what they do. */
import { readFileSync } from "node:fs";
import path from "node:path";

import test from "ava";

import { bootBare, type BareResult } from "../../tools/rig/bare.ts";
import { silent } from "../../tools/setup/progress.ts";
import { buildGuest } from "./fixtures/guest.ts";

async function boot(name: "hello" | "doors"): Promise<BareResult> {
  const { elf } = await buildGuest(name);
  return bootBare({ kernel: elf, timeoutMs: 60_000, report: silent });
}

/** How many claims a guest's source makes: none may be skipped silently. */
function claimsIn(name: "doors"): number {
  const source = readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.S`), "utf8");
  return source.match(/^ +claim.*"$/gm)?.length ?? 0;
}

/** What the guest said: Xen's own lines left out. */
const said = ({ serial }: BareResult): string[] =>
  serial.split(/\r?\n/).filter((line) => !line.startsWith("(XEN)"));

test.serial("Xen's builder loads the image, enters it, and takes its hypercalls", async (t) => {
  const result = await boot("hello");
  t.true(said(result).includes("hello from ring 3"), result.serial);
  t.is(result.reason, "poweroff", result.serial);
});

test.serial("every door of entry.S keeps what it promises", async (t) => {
  const result = await boot("doors");
  const claims = said(result).filter((line) => /^(ok|FAILED): /.test(line));
  t.deepEqual(
    claims.filter((line) => line.startsWith("FAILED")),
    [],
  );
  t.is(claims.length, claimsIn("doors"), result.serial);
  t.true(said(result).includes("done"), result.serial);
  t.is(result.reason, "poweroff", result.serial);
});
