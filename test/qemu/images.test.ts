/** Images of the kernel that are wrong in a way the kernel itself meets. test/image compares mkimage with xl on all others. */
import { readFileSync } from "node:fs";
import test from "ava";

import { readLineTable } from "../../compiler/build/line-table.ts";
import { checkImage } from "../../tools/image/check.ts";
import { readElf } from "../../tools/image/elf.ts";
import { Rig } from "../../tools/rig/rig.ts";
import { Patch } from "../image/fixtures/patch.ts";
import { kernelImages } from "./kernel.ts";
import { assertReport, defects } from "./reports.ts";

let rig: Rig;
let elf: string;
let good: Buffer;
test.before(async (t) => {
  t.timeout(900_000);
  const kernel = await kernelImages();
  elf = kernel.elf;
  good = kernel.image;
  rig = await Rig.start();
});
test.after.always(() => rig?.stop());

/** The functions, inlined ones first, that an address of the kernel belongs to. */
function whereIs(address: bigint): string[] {
  const bytes = readFileSync(elf);
  const section = readElf(bytes).elf?.sections.find(({ name }) => name === ".line_table");
  if (!section) throw new Error(`${elf} has no line table`);
  const start = Number(section.offset);
  const table = readLineTable(bytes.subarray(start, start + Number(section.size)));
  return table.lookup(address).map((frame) => `${frame.function} (${frame.file})`);
}

const codes = (image: Uint8Array): string[] => checkImage(image).map(({ code }) => code);

test("mkimage has nothing against the kernel", (t) => {
  t.deepEqual(codes(good), []);
});

test.serial(
  "without a hypercall page, its poison stops the kernel before it does anything else",
  async (t) => {
    const hypercallPage = 2;
    const kernel = new Patch(good)
      .noteType(hypercallPage, 99)
      .guestText("HYPERCALL_PAGE=0", "HYPERCALL_PAGX=0").bytes;
    t.true(codes(kernel).includes("note-missing"));
    await using guest = await rig.create({ name: "poisoned", kernel, memoryMb: 16 });
    t.is((await guest.wait(20_000)).reason, "crash");
    t.is(guest.console.text, "");
    const crash = new RegExp(`d${guest.domainId}v0 Unhandled: vec 6, #UD[^]*?RIP: +e033:\\[<([0-9a-f]+)>\\]`);
    const address = crash.exec(rig.xenLog())?.[1];
    t.truthy(address, rig.xenLog());
    t.true(whereIs(BigInt(`0x${address}`)).includes("requireFilled (kernel/arch/x86-xen/hypercall-page.ts)"));
  },
);

test.serial(
  "text that is marked writable is not writable, since the kernel protects it itself",
  async (t) => {
    const text = 0;
    const kernel = new Patch(good).segment(text, "p_flags", 7n).bytes;
    t.true(codes(kernel).includes("text-writable"));
    await using guest = await rig.create({ name: "writable", kernel, memoryMb: 16, extra: "test=text" });
    t.is((await guest.wait(20_000)).reason, "crash");
    const defect = defects.find(({ name }) => name === "text");
    if (defect) assertReport(t, defect, guest.console.text.replaceAll("\r\n", "\n"));
  },
);
