/** What a boot asks of Xen. */
import test from "ava";

import { bootBare } from "../../tools/rig/bare.ts";
import { silent } from "../../tools/setup/progress.ts";
import { kernelImages } from "./kernel.ts";

test("booting takes no more than thirty hypercalls, beside the lines that it says", async (t) => {
  t.timeout(900_000);
  const { elf } = await kernelImages();
  const booted = await bootBare({
    kernel: elf,
    commandLine: "test=boot-calls",
    memoryMb: 64,
    timeoutMs: 60_000,
    report: silent,
  });
  const count = (pattern: RegExp): number => Number(pattern.exec(booted.serial)?.[1]);
  const all = count(/^bench: boot\.hypercalls (\d+) calls/m);
  const lines = count(/^ {2}console_io: (\d+)/m);
  t.log(
    booted.serial
      .split("\n")
      .filter((line) => /^(bench: | {2}\w+: \d)/.test(line))
      .join("; "),
  );
  t.true(count(/^ {2}mmu_update: (\d+)/m) > 0, "the entries of the page count");
  t.true(lines > 10 && all - lines <= 30, booted.serial);
});
