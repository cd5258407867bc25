/** The head and the stubs under a real Xen, as its first domain: see the guests in fixtures/ for what they do. */
import { readFileSync } from "node:fs";
import path from "node:path";

import test from "ava";

import { bootBare, type BareResult } from "../../tools/rig/bare.ts";
import { silent } from "../../tools/setup/progress.ts";
import { buildGuest, type GuestName } from "./fixtures/guest.ts";

async function boot(name: GuestName): Promise<BareResult> {
  const { elf } = await buildGuest(name);
  return bootBare({ kernel: elf, timeoutMs: 60_000, report: silent });
}

/** How many claims a guest's source makes: none may be skipped silently. */
function claimsIn(name: GuestName): number {
  const files = [`${name}.S`, "claims.S"].map((file) => path.join(import.meta.dirname, "fixtures", file));
  const claims = files.flatMap((file) => readFileSync(file, "utf8").match(/^ +claim.*"$/gm) ?? []);
  return claims.filter((claim) => !claim.includes("only the exceptions that were asked for")).length;
}

/** What the guest said: Xen's own lines left out. */
const said = ({ serial }: BareResult): string[] =>
  serial.split(/\r?\n/).filter((line) => !line.startsWith("(XEN)"));

test.serial("Xen's builder loads the image, enters it, and takes its hypercalls", async (t) => {
  const result = await boot("hello");
  t.true(said(result).includes("hello from ring 3"), result.serial);
  t.is(result.reason, "poweroff", result.serial);
});

const guests = [
  ["traps", "hypercalls, exceptions and the failsafe callback go through entry.S as its comments say"],
  ["events", "events can come at every instruction of the way back from events"],
] as const;

for (const [name, title] of guests) {
  test.serial(title, async (t) => {
    const result = await boot(name);
    const claims = said(result).filter((line) => /^(ok|FAILED): /.test(line));
    t.deepEqual(
      claims.filter((line) => line.startsWith("FAILED")),
      [],
    );
    t.is(claims.length, claimsIn(name), result.serial);
    t.true(said(result).includes("done"), result.serial);
    t.is(result.reason, "poweroff", result.serial);
  });
}
