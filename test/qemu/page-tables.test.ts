/**
 * Random page-table work under Xen itself, which refuses whatever breaks its rules, and crashes the domain for what is worse.
 * XENLET_SOAK=1 does a million steps instead of 20,000.
 */
import test, { type ExecutionContext } from "ava";

import { bootBare } from "../../tools/rig/bare.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { silent } from "../../tools/setup/progress.ts";
import { kernelImages, type KernelImages } from "./kernel.ts";

const soak = process.env["XENLET_SOAK"] === "1";
const count = soak ? 1_000_000 : 20_000;
const patience = soak ? 900_000 : 120_000;

let kernel: KernelImages;
test.before(async (t) => {
  t.timeout(900_000);
  kernel = await kernelImages();
});

/** What the kernel must say of one run; the digest of all that it saw. */
function assertAgreement(t: ExecutionContext, text: string, seed: number): string | undefined {
  const line = new RegExp(
    `^page tables: ${count} steps from seed ${seed}, batched and eager agree on (0x\\w+)`,
    "m",
  );
  t.regex(text, line);
  const calls = (mode: string): number =>
    Number(new RegExp(`^${mode} *: (\\d+) hypercalls`, "m").exec(text)?.[1]);
  t.log(`seed ${seed}: ${calls("batched")} hypercalls batched, ${calls("eager")} eager`);
  t.true(calls("batched") * 10 < calls("eager"));
  return line.exec(text)?.[1];
}

const digests = new Map<number, string | undefined>();
for (const seed of [1, 2]) {
  test.serial(`${count} random page-table steps as the first domain, seed ${seed}`, async (t) => {
    t.timeout(patience);
    const commandLine = `test=pte seed=${seed} count=${count}`;
    const { serial, reason } = await bootBare({
      kernel: kernel.elf,
      commandLine,
      timeoutMs: patience,
      report: silent,
    });
    digests.set(seed, assertAgreement(t, serial.replaceAll("\r\n", "\n"), seed));
    t.is(reason, "poweroff", serial);
  });
}

test.serial(
  "every kind of flush makes old translations go, and programs get tables of their own",
  async (t) => {
    const { serial, reason } = await bootBare({
      kernel: kernel.elf,
      commandLine: "test=tlb",
      timeoutMs: 60_000,
      report: silent,
    });
    for (const kind of ["multicast, all", "multicast, a page", "every vCPU", "this vCPU"])
      t.true(serial.includes(`tlb: ${kind}: `), serial);
    t.regex(serial, /self-test tlb: success/);
    t.is(reason, "poweroff");
  },
);

test.serial("the same steps in xl's guest, booted in eager mode, see the same", async (t) => {
  t.timeout(patience);
  await using rig = await Rig.start();
  const image = "/run/xenlet";
  await rig.put(kernel.image, image);
  const extra = `pte=eager test=pte seed=1 count=${count}`;
  await using guest = await rig.create({ name: "page-tables", kernel: image, memoryMb: 8, extra });
  await guest.expectEnd("poweroff", patience);
  t.is(assertAgreement(t, guest.console.text.replaceAll("\r\n", "\n"), 1), digests.get(1));
});
