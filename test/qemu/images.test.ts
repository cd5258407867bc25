/** Wrong images: what mkimage says before anybody boots them, and what xl, Xen and the kernel make of the same bytes. */
import { readFileSync } from "node:fs";
import test from "ava";

import { readLineTable } from "../../compiler/build/line-table.ts";
import { checkImage } from "../../tools/image/check.ts";
import type { FindingCode } from "../../tools/image/finding.ts";
import { readElf } from "../../tools/image/elf.ts";
import { Patch, u64 } from "../image/fixtures/patch.ts";
import { assertReport, defects } from "./reports.ts";
import { kernel, rig, shareRig } from "./shared-rig.ts";

const base = 0xffffffff80000000n;
// Program headers of linker.ld, in order, the entry's place in .text, and a note's number.
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
  readonly xl: RegExp | "crash";
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
    title: "a privileged instruction at the entry",
    patch: (i) => i.text(entryAt, Buffer.from([0xf4])), // hlt
    finding: "privileged-instruction",
    xl: "crash",
  },
];

shareRig();

/** The functions, inlined ones first, that an address of the kernel belongs to. */
function whereIs(address: bigint): string[] {
  const bytes = readFileSync(kernel.elf);
  const section = readElf(bytes).elf?.sections.find(({ name }) => name === ".line_table");
  if (!section) throw new Error(`${kernel.elf} has no line table`);
  const start = Number(section.offset);
  const table = readLineTable(bytes.subarray(start, start + Number(section.size)));
  return table.lookup(address).map((frame) => `${frame.function} (${frame.file})`);
}

const codes = (image: Uint8Array): string[] => checkImage(image).map(({ code }) => code);

test("mkimage has nothing against the kernel", (t) => {
  t.deepEqual(codes(kernel.image), []);
});

test.serial(
  "without a hypercall page, its poison stops the kernel before it does anything else",
  async (t) => {
    const wrong = new Patch(kernel.image)
      .noteType(hypercallPageNote, 99)
      .guestText("HYPERCALL_PAGE=0", "HYPERCALL_PAGX=0").bytes;
    t.true(codes(wrong).includes("note-missing"));
    await using guest = await rig.create({ name: "poisoned", kernel: wrong, memoryMb: 16 });
    t.is((await guest.wait()).reason, "crash");
    t.is(guest.console.text, "");
    const crash = new RegExp(`d${guest.domainId}v0 Unhandled: vec 6, #UD[^]*?RIP: +e033:\\[<([0-9a-f]+)>\\]`);
    const address = crash.exec(rig.xenLog())?.[1];
    t.truthy(address, rig.xenLog());
    t.true(whereIs(BigInt(`0x${address}`)).includes("requireFilled (kernel/arch/x86-xen/hypercall/page.ts)"));
  },
);

test.serial(
  "text that is marked writable is not writable, since the kernel protects it itself",
  async (t) => {
    const wrong = new Patch(kernel.image).segment(text, "p_flags", 7n).bytes;
    t.true(codes(wrong).includes("text-writable"));
    await using guest = await rig.create({
      name: "writable",
      kernel: wrong,
      memoryMb: 16,
      extra: "test=text",
    });
    t.is((await guest.wait()).reason, "crash");
    const defect = defects.find(({ name }) => name === "text");
    if (defect) assertReport(t, defect, guest.console.text.replaceAll("\r\n", "\n"));
  },
);

for (const [index, { title, patch, finding, xl }] of cases.entries()) {
  test.serial(`${title}: mkimage refuses it, and xl ${says(xl)}`, async (t) => {
    const wrong = patch(new Patch(kernel.image)).bytes;
    const findings = checkImage(wrong).map(({ code }) => code);
    t.true(findings.includes(finding), findings.join(", "));

    const made = await rig.tryCreate({
      name: `image-${index}`,
      kernel: wrong,
      memoryMb: 16,
      extra: "test=halt",
    });
    if (!made.created) {
      if (typeof xl === "string") t.fail(made.text);
      else t.regex(made.text, xl);
      return;
    }
    await using guest = made.guest;
    const { reason } = await guest.wait();
    t.true(reason === xl, reason);
  });
}

function says(xl: Case["xl"]): string {
  return typeof xl === "string" ? "starts a domain that crashes" : "refuses it as well";
}
