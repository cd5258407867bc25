/** Wrong images: what mkimage says before anybody boots them, and what xl and Xen make of the same bytes. */
import test from "ava";

import { checkImage } from "../../tools/image/check.ts";
import type { FindingCode } from "../../tools/image/finding.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { Patch, u64 } from "../image/fixtures/patch.ts";
import { kernelImages } from "./kernel.ts";

const base = 0xffffffff80000000n;
// Program headers of linker.ld, in order, and the entry's place in .text.
const text = 0;
const data = 2;
const notes = 4;
const entryAt = 0x1000;
const hypercallPageNote = 2;

/** A wrong image: mkimage's finding, and xl's words or the domain's end where xl takes it all the same. */
interface Case {
  readonly title: string;
  readonly patch: (image: Patch) => Patch;
  readonly finding: FindingCode;
  readonly xl: RegExp | "crash" | "poweroff";
}

const invalid = /no loader found: Invalid kernel/;

const cases: readonly Case[] = [
  { title: "no ELF", patch: (i) => i.byte(0, 0x4d), finding: "not-elf", xl: invalid },
  { title: "a 32-bit ELF", patch: (i) => i.byte(4, 1), finding: "wrong-class", xl: invalid },
  {
    title: "an ELF for another machine",
    patch: (i) => i.header("e_machine", 183n),
    finding: "wrong-machine",
    xl: /unknown image type 183: Invalid kernel/,
  },
  {
    title: "neither notes nor __xen_guest",
    patch: (i) =>
      i
        .segment(notes, "p_type", 0n)
        .section(".note.Xen", "sh_type", 1n)
        .section("__xen_guest", "sh_name", 0n),
    finding: "notes-missing",
    xl: invalid,
  },
  {
    title: "notes for another Xen than __xen_guest says",
    patch: (i) => i.note(5, Buffer.from("xen-2.0")),
    finding: "notes-contradict",
    xl: invalid,
  },
  {
    title: "a required feature that this Xen has not",
    patch: (i) => i.note(10, Buffer.from("!dom")),
    finding: "note-refused",
    xl: invalid,
  },
  {
    title: "an entry outside the image",
    patch: (i) => i.note(1, u64(0x400000n)).header("e_entry", 0x400000n),
    finding: "entry-outside-text",
    xl: invalid,
  },
  {
    title: "a segment below VIRT_BASE",
    patch: (i) => i.segment(data, "p_vaddr", base - 0x10000n).segment(data, "p_paddr", base),
    finding: "segment-outside-window",
    xl: invalid,
  },
  {
    title: "overlapping segments, one larger than the domain",
    patch: (i) => i.segment(data, "p_memsz", 1n << 30n),
    finding: "segment-overlap",
    xl: /segment kernel too large/,
  },
  {
    title: "a hypercall page outside the image",
    patch: (i) => i.note(hypercallPageNote, u64(0x1000n)),
    finding: "hypercall-page-outside-text",
    xl: /HYPERCALL_INIT failed/,
  },
  {
    title: "no hypercall page: its poison stops the kernel",
    patch: (i) => i.noteType(hypercallPageNote, 99).guestText("HYPERCALL_PAGE=0", "HYPERCALL_PAGX=0"),
    finding: "note-missing",
    xl: "crash",
  },
  {
    title: "a privileged instruction at the entry",
    patch: (i) => i.text(entryAt, Buffer.from([0xf4])), // hlt
    finding: "privileged-instruction",
    xl: "crash",
  },
  {
    // The builder maps everything writable anyway; the kernel protects its text itself.
    title: "text that is marked writable",
    patch: (i) => i.segment(text, "p_flags", 7n),
    finding: "text-writable",
    xl: "poweroff",
  },
];

let rig: Rig;
let good: Buffer;
test.before(async (t) => {
  t.timeout(900_000);
  good = (await kernelImages()).image;
  rig = await Rig.start();
});
test.after.always(() => rig?.stop());

test("mkimage has nothing against the kernel", (t) => {
  t.deepEqual(checkImage(good), []);
});

for (const [index, { title, patch, finding, xl }] of cases.entries()) {
  test.serial(`${title}: mkimage refuses it, and xl ${says(xl)}`, async (t) => {
    const kernel = patch(new Patch(good)).bytes;
    const findings = checkImage(kernel).map(({ code }) => code);
    t.true(findings.includes(finding), findings.join(", "));

    const made = await rig.tryCreate({ name: `image-${index}`, kernel, memoryMb: 16, extra: "test=halt" });
    if (!made.created) {
      if (typeof xl === "string") t.fail(made.text);
      else t.regex(made.text, xl);
      return;
    }
    await using guest = made.guest;
    t.is((await guest.wait(20_000)).reason, xl);
  });
}

function says(xl: Case["xl"]): string {
  if (typeof xl !== "string") return "refuses it as well";
  return xl === "crash" ? "starts a domain that crashes" : "takes it";
}
