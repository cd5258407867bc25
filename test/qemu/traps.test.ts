/** Traps under real Xen: reports, fix-ups, overrides, watchpoints, single steps, floating point, NMIs, overflowing stacks. */
import test from "ava";

import { bootBare, type BareResult } from "../../tools/rig/bare.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { silent } from "../../tools/setup/progress.ts";
import { kernelImages, type KernelImages } from "./kernel.ts";

let kernel: KernelImages;
test.before(async (t) => {
  t.timeout(900_000);
  kernel = await kernelImages();
});

async function boot(name: string): Promise<BareResult> {
  const options = { kernel: kernel.elf, memoryMb: 64, timeoutMs: 60_000, report: silent };
  const result = await bootBare({ ...options, commandLine: `test=${name}` });
  return { ...result, serial: result.serial.replaceAll("\r\n", "\n") };
}

test.serial(
  "a page fault is reported with the way through the page tables, and whose each frame is",
  async (t) => {
    const { serial, reason } = await boot("text");
    const table = "writable, executable, user, accessed; machine frame 0x[0-9a-f]+ = frame 0x[0-9a-f]+";
    t.regex(serial, /^ {2}it is in the kernel's instructions$/m);
    t.regex(serial, new RegExp(`^  L4\\[511\\] [0-9a-f]{16} ${table}, (boot|page tables)$`, "m"));
    t.regex(serial, new RegExp(`^  L3\\[510\\] [0-9a-f]{16} ${table}, (boot|page tables)$`, "m"));
    t.regex(serial, new RegExp(`^  L2\\[0\\] [0-9a-f]{16} ${table}, page tables$`, "m"));
    t.regex(serial, /^ {2}L1\[0\] [0-9a-f]{16} read-only, executable, .* = frame 0x0, boot$/m);
    t.is(reason, "crash");
  },
);

test.serial("a walk ends at the first entry that is not present", async (t) => {
  const { serial } = await boot("null");
  t.regex(serial, /^ {2}it is in the null page\n {2}L4\[0\] 0000000000000000 not present\nregisters/m);
});

test.serial("a privileged instruction is named, with what replaces it", async (t) => {
  const { serial, reason } = await boot("trap-privileged");
  t.regex(serial, /^unexpected trap: general protection fault \(vector 13, error code 0x0\)$/m);
  t.regex(serial, /^ {2}privileged instruction: wrmsr, 2 bytes$/m);
  t.regex(serial, /^ {2}it is about 0xc0000082, LSTAR$/m);
  t.regex(serial, /^ {2}under Xen, instead: CALLBACKOP_register with CALLBACKTYPE_syscall/m);
  t.is(reason, "crash");
});

test.serial("docs/traps.md says truly which instructions Xen lets pass", async (t) => {
  const { serial, reason } = await boot("trap-survey");
  const passing = [...serial.matchAll(/^survey: (.*): no trap$/gm)].map(([, name]) => name);
  const expected = ["clts", "wbinvd", "mov from cr0", "mov from cr2", "mov from cr3", "mov from cr4"];
  t.deepEqual(passing.slice(0, 6), expected, serial);
  for (const name of [
    "cli",
    "sti",
    "hlt",
    "invd",
    "mov to cr3",
    "in al, dx",
    "invlpg (rax)",
    "lgdt (rax)",
    "swapgs",
  ])
    t.true(serial.includes(`\nsurvey: ${name}: vector 13, error code 0x0\n`), name);
  for (const name of ["monitor", "xsetbv", "vzeroupper", "vmcall"])
    t.true(serial.includes(`\nsurvey: ${name}: vector 6, error code 0x0\n`), name);
  t.is(reason, "poweroff");
});

test.serial("a probe finds out what can be read, and a handler is overridden and restored", async (t) => {
  const { serial, reason } = await boot("trap-probe");
  t.regex(serial, /^probe: a variable: readable$/m);
  t.regex(serial, /^probe: null: nothing is mapped there$/m);
  t.regex(serial, /^probe: no address: no address of the processor/m);
  t.regex(serial, /^probe: Xen itself: nothing is mapped there$/m);
  t.regex(serial, /^probe: instructions are read-only$/m);
  t.regex(serial, /^probe: 16 bytes before the guard page$/m);
  t.regex(serial, /^override: breakpoints counted 12$/m);
  t.is(reason, "poweroff");
});

test.serial("watchpoints call their handlers, and Xen guards its own addresses", async (t) => {
  const { serial, reason } = await boot("trap-watch");
  t.regex(serial, /^watch: 1 hits, the value is 42$/m);
  t.regex(serial, /^watch: 1 hits after it is gone$/m);
  t.regex(serial, /^watch: an odd address is refused\nwatch: an address of Xen's is refused$/m);
  t.regex(serial, /^watch: 2 hits with the instruction's$/m);
  t.is(reason, "poweroff");
});

test.serial("single steps stop behind each instruction", async (t) => {
  const { serial, reason } = await boot("trap-step");
  t.regex(serial, /^step: 3 steps, the last at 12$/m);
  t.is(reason, "poweroff");
});

test.serial("two tasks compute without disturbing each other, and pay only when they do", async (t) => {
  const { serial, reason } = await boot("trap-fpu");
  t.regex(serial, /^fpu: 0x40400000 0x40400000 0x40c00000, 8 traps, 8 loads$/m); // 3.0, 3.0 and 6.0
  t.is(reason, "poweroff");
});

test.serial("floating point without having opted in is reported", async (t) => {
  const { serial, reason } = await boot("trap-fpu-refused");
  t.regex(serial, /^unexpected trap: device not available \(a floating-point instruction\)/m);
  t.is(reason, "crash");
});

test.serial("an overflowing stack is reported in full", async (t) => {
  const { serial, reason } = await boot("trap-overflow");
  t.regex(serial, /^ {2}stack overflow: the address is in the guard below a stack$/m);
  t.regex(serial, /^ {2}it is in the guard page under the boot stack$/m);
  t.regex(serial, /^ {2}at recurse \(.*\)\n {2}… and \d+ more of the same\n[^]*^ {2}at start /m);
  t.is(reason, "crash");
});

test.serial(
  "xl sees the overflow, and a selector that Xen cannot restore, as a crash; xl trigger nmi shows where a kernel is that no longer answers",
  async (t) => {
    t.timeout(300_000);
    const rig = await Rig.start();
    try {
      const image = "/run/xenlet";
      await rig.put(kernel.image, image);
      {
        const extra = "test=trap-overflow";
        await using guest = await rig.create({ name: "overflow", kernel: image, memoryMb: 16, extra });
        t.deepEqual(await guest.wait(), { reason: "crash" });
        t.regex(guest.console.text, /stack overflow: the address is in the guard below a stack/);
      }
      {
        const extra = "test=trap-failsafe"; // needs somebody else on the processor
        await using guest = await rig.create({ name: "failsafe", kernel: image, memoryMb: 16, extra });
        t.deepEqual(await guest.wait(), { reason: "crash" });
        t.regex(
          guest.console.text,
          /^unexpected trap: Xen could not restore the selectors 00000007[0-9a-f]{8} \(gs fs es ds\)\r\n[^]*^ {2}at start \(/m,
        );
      }
      await using guest = await rig.create({
        name: "spin",
        kernel: image,
        memoryMb: 16,
        extra: "test=trap-spin",
      });
      await guest.console.waitFor(/spinning until somebody looks/);
      for (let time = 0; time < 2; time++) {
        await rig.exec(["xl", "trigger", "spin", "nmi", "0"]);
        await guest.console.waitFor(/non-maskable interrupt[^]*at spin [^]*at start /); // after the last one
      }
      t.regex(
        guest.console.text,
        /non-maskable interrupt \(sent on purpose\): the kernel is here, and goes on/,
      );
    } finally {
      await rig.stop();
    }
  },
);
