/** The NASM guest under the real `xl`: the domain builder takes it in each of its forms. Wrong kernels: test/qemu/images.test.ts. */
import { gzipSync } from "node:zlib";

import test from "ava";

import { checkImage } from "../../tools/image/check.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { silent } from "../../tools/setup/progress.ts";
import { buildGuest } from "./fixtures/guest.ts";
import { Patch } from "./fixtures/patch.ts";

const { bytes: good } = await buildGuest("hello");
const rig = await Rig.start({ report: silent });
test.after.always(() => rig.stop());

// Program headers of linker.ld, in order.
const TEXT = 0;
const NOTE = 4;

/** What becomes of an image under `xl create`: its refusal, or how the domain ends. */
async function tryUnderXl(kernel: Uint8Array): Promise<string> {
  const result = await rig.tryCreate({ name: "image", kernel, memoryMb: 8 });
  if (!result.created) return result.text;
  await using guest = result.guest;
  return (await guest.wait()).reason;
}

test.serial("a good image boots as a guest, and so does the same gzip'ed", async (t) => {
  t.deepEqual(checkImage(good), []);
  t.is(await tryUnderXl(good), "poweroff");
  t.is(await tryUnderXl(gzipSync(good)), "poweroff");
});

test.serial("__xen_guest alone is enough for xl, and says the same as the notes", async (t) => {
  const { bytes } = new Patch(good).segment(NOTE, "p_type", 0n).section(".note.Xen", "sh_type", 1n);
  t.deepEqual([...new Set(checkImage(bytes).map(({ code }) => code))], ["notes-missing"]);
  t.is(await tryUnderXl(bytes), "poweroff");
});

test.serial("xl takes a segment that is not in the file, and the domain crashes", async (t) => {
  const { bytes } = new Patch(good).segment(TEXT, "p_offset", 0x7fffffffn);
  t.deepEqual([...new Set(checkImage(bytes).map(({ code }) => code))], ["segment-outside-file"]);
  t.is(await tryUnderXl(bytes), "crash");
});
