/** Memory that runs out, that has holes, and that lies above 4 GiB. `npm run soak` adds the last, which takes as much of this machine. */
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

async function boot(commandLine: string, memoryMb: number): Promise<BareResult> {
  return bootBare({ kernel: kernel.elf, commandLine, memoryMb, timeoutMs: 120_000, report: silent });
}

/** What the kernel must say of memory that was all taken. */
const allTaken =
  /all memory is opened: \d+ pages, \d+ free, 612 holes\s[^]*heap: out of memory: [^]*everything was taken, used, refused and given back/;

test.serial(
  "every frame, piece and stack can be had, the next one is refused, and all come back",
  async (t) => {
    const { serial, reason } = await boot("test=memory count=1000000", 32);
    t.regex(serial, allTaken);
    t.regex(serial, /frames: out of memory: [^]*frames: \d+ taken, the highest is 8191\s/);
    t.regex(serial, /stacks: out of memory: /);
    t.is(reason, "poweroff", serial);
  },
);

test.serial("the same in xl's guest", async (t) => {
  await using rig = await Rig.start();
  const image = "/run/xenlet";
  await rig.put(kernel.image, image);
  const extra = "test=memory count=1000000";
  await using guest = await rig.create({ name: "memory", kernel: image, memoryMb: 24, extra });
  await guest.expectEnd("poweroff", 60_000);
  t.regex(guest.console.text, allTaken);
});

test.serial("a boot that runs out of memory at any of its allocations says so, or goes on", async (t) => {
  for (let frames = 0; ; frames++) {
    const { serial, reason } = await boot(`test=halt frames=${frames}`, 32);
    const refused = /(?:panic|warning): cannot ([\w ]+): out of memory: every frame of the domain is in use/;
    const what = refused.exec(serial)?.[1];
    t.log(`${frames} frames: ${what ?? "enough"}, ${reason}`);
    if (what === undefined) {
      t.is(reason, "poweroff", serial);
      t.true(frames > 0, "no allocation of the boot was refused");
      break;
    }
    t.is(reason, serial.includes("panic: ") ? "crash" : "poweroff", serial);
  }
});

test.serial("idle time opens memory, so that a burst of allocations does not wait for Xen", async (t) => {
  const { serial } = await boot("test=memory-ahead", 64);
  const said = /memory: (\d+) pages free, then (\d+); a burst of 1500 took 0 hypercalls/.exec(serial);
  t.true(Number(said?.[1]) < 1500 && Number(said?.[2]) >= 2048, serial);
});

(process.env["XENLET_SOAK"] === "1" ? test.serial : test.serial.skip)(
  "memory above 4 GiB is used like any other",
  async (t) => {
    t.timeout(300_000);
    const { serial, reason } = await boot("test=memory count=20000", 5200);
    t.regex(serial, /frames: 20000 taken, the highest is 1331199\s/);
    t.regex(serial, /everything was taken, used, refused and given back/);
    t.is(reason, "poweroff", serial);
  },
);
