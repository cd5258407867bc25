/** What the toolstack reads of a domain's memory through the p2m tree: `xl dump-core`. */
import test from "ava";

import { Rig } from "../../tools/rig/rig.ts";
import { kernelImages, type KernelImages } from "./kernel.ts";

let rig: Rig;
let kernel: KernelImages;
const image = "/run/xenlet";
test.before(async (t) => {
  t.timeout(900_000);
  kernel = await kernelImages();
  rig = await Rig.start();
  await rig.put(kernel.image, image);
});
test.after.always(() => rig?.stop());

interface Section {
  readonly offset: number;
  readonly size: number;
}

/** The sections of an ELF64 file by name. */
function sectionsOf(elf: Buffer): Map<string, Section> {
  const table = Number(elf.readBigUInt64LE(40));
  const [size, count, names] = [elf.readUInt16LE(58), elf.readUInt16LE(60), elf.readUInt16LE(62)];
  const header = (index: number): { name: number } & Section => {
    const at = table + index * size;
    return {
      name: elf.readUInt32LE(at),
      offset: Number(elf.readBigUInt64LE(at + 24)),
      size: Number(elf.readBigUInt64LE(at + 32)),
    };
  };
  const text = header(names).offset;
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const { name, offset, size: bytes } = header(index);
      const end = elf.indexOf(0, text + name);
      return [elf.toString("latin1", text + name, end), { offset, size: bytes }];
    }),
  );
}

test.serial("xl dump-core finds every page of the domain, and the kernel in them", async (t) => {
  t.timeout(120_000);
  const memoryMb = 6;
  const pages = memoryMb * 256;
  await using guest = await rig.create({ name: "core", kernel: image, memoryMb, extra: "" });
  await guest.console.waitFor(/^> $/m, 20_000);
  const dumped = await rig.exec(["xl", "dump-core", "core", "/run/core"]);
  t.is(dumped.status, 0, dumped.stdout + dumped.stderr);
  const core = await rig.get("/run/core");
  const sections = sectionsOf(core);
  const p2m = sections.get(".xen_p2m");
  const memory = sections.get(".xen_pages");
  t.truthy(p2m, [...sections.keys()].join(" "));
  t.truthy(memory);
  t.is((p2m?.size ?? 0) / 16, pages);
  t.is((memory?.size ?? 0) / 4096, pages);
  // Frame 1 is the page of `start`, which nobody changes: it must be what was loaded.
  const offset = p2m?.offset ?? 0;
  const order = Array.from({ length: pages }, (_, index) => core.readBigUInt64LE(offset + index * 16));
  t.deepEqual(
    order.map(Number),
    Array.from({ length: pages }, (_, frame) => frame),
  );
  const start = (memory?.offset ?? 0) + 4096;
  const text = core.subarray(start, start + 4096);
  t.true(kernel.image.includes(text.subarray(0, 64)));
});

test.serial("without the tree, for which there was no memory, xl dump-core fails", async (t) => {
  t.timeout(120_000);
  await using guest = await rig.create({ name: "bare", kernel: image, memoryMb: 6, extra: "frames=1" });
  await guest.console.waitFor(/cannot announce the memory: out of memory/m, 20_000);
  await guest.expectEnd("crash", 10_000); // there is no memory for a task either
  const dumped = await rig.exec(["xl", "dump-core", "bare", "/run/none"]);
  t.not(dumped.status, 0, dumped.stdout + dumped.stderr);
  t.regex(dumped.stdout + dumped.stderr, /max_gpfn|max_pfn|p2m|frame_list|core dump failed|dumping core/i);
});
