/** The same images before mkimage and before the real `xl`: what the one refuses by name, the other refuses, crashes on, or takes. */
import { gzipSync } from "node:zlib";

import test from "ava";

import { checkImage } from "../../tools/image/check.ts";
import type { FindingCode } from "../../tools/image/finding.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { silent } from "../../tools/setup/progress.ts";
import { buildGuest } from "./fixtures/guest.ts";
import { Patch, u64 } from "./fixtures/patch.ts";

const { bytes: good } = await buildGuest("hello");
const rig = await Rig.start({ report: silent });
test.after.always(() => rig.stop());

const BASE = 0xffffffff80000000n;
const START = 0x1000;

/** What becomes of an image under `xl create`: its refusal, or how the domain ends. */
async function tryUnderXl(kernel: Uint8Array): Promise<string> {
  const result = await rig.tryCreate({ name: "image", kernel, memoryMb: 8 });
  if (!result.created) return result.text;
  await using guest = result.guest;
  return (await guest.wait(20_000)).reason;
}

test.serial("a good image boots as a guest, and so does the same gzip'ed", async (t) => {
  t.deepEqual(checkImage(good), []);
  t.is(await tryUnderXl(good), "poweroff");
  t.is(await tryUnderXl(gzipSync(good)), "poweroff");
});

/** A bad image, mkimage's name for it, and xl's answer. */
interface Case {
  readonly title: string;
  readonly patch: (image: Patch) => Patch;
  readonly code: FindingCode;
  readonly xl: RegExp;
}

const NO_LOADER = /xc_dom_find_loader: no loader found/;
const cases: readonly Case[] = [
  {
    title: "another machine",
    patch: (i) => i.header("e_machine", 183n),
    code: "wrong-machine",
    xl: /unknown image type 183/,
  },
  { title: "a 32-bit ELF", patch: (i) => i.byte(4, 1), code: "wrong-class", xl: NO_LOADER },
  {
    title: "an image that describes itself nowhere",
    patch: (i) =>
      i.segment(4, "p_type", 0n).section(".note.Xen", "sh_type", 1n).section("__xen_guest", "sh_name", 0n),
    code: "notes-missing",
    xl: NO_LOADER,
  },
  {
    title: "an image with __xen_guest alone, which is enough for this builder",
    patch: (i) => i.segment(4, "p_type", 0n).section(".note.Xen", "sh_type", 1n),
    code: "notes-missing",
    xl: /^poweroff$/,
  },
  {
    title: "notes for another Xen",
    patch: (i) => i.note(5, Buffer.from("xen-2.0")),
    code: "note-refused",
    xl: NO_LOADER,
  },
  {
    title: "an entry outside the image",
    patch: (i) => i.note(1, u64(BASE - 0x1000n)),
    code: "entry-outside-text",
    xl: NO_LOADER,
  },
  {
    title: "a segment whose bytes are not in the file",
    patch: (i) => i.segment(0, "p_offset", 0x7fffffffn),
    code: "segment-outside-file",
    xl: /^crash$/,
  },
  {
    title: "a hypercall page that is data",
    patch: (i) => i.note(2, u64(BASE + 0x5000n)),
    code: "hypercall-page-outside-text",
    xl: /^crash$/,
  },
  {
    title: "hlt as the first instruction",
    patch: (i) => i.text(START, Buffer.from([0xf4])),
    code: "privileged-instruction",
    xl: /^crash$/,
  },
];

for (const { title, patch, code, xl } of cases) {
  test.serial(title, async (t) => {
    const { bytes } = patch(new Patch(good));
    t.true(checkImage(bytes).some((finding) => finding.code === code));
    t.regex(await tryUnderXl(bytes), xl);
  });
}
