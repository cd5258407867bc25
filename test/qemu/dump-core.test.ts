/** What the toolstack reads of a domain's memory through the p2m tree: `xl dump-core`. */
import { readFileSync } from "node:fs";
import test from "ava";
import { image, kernel, rig, shareRig } from "./shared-rig.ts";

shareRig();

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

/** Where the builder maps frame 0: linker.ld. */
const kernelBase = 0xffff_ffff_8000_0000n;

/** The address of a symbol of an ELF64 file. */
function addressOf(symbol: string, elf: Buffer): bigint {
  const sections = sectionsOf(elf);
  const { offset, size } = sections.get(".symtab") ?? { offset: 0, size: 0 };
  const names = sections.get(".strtab")?.offset ?? 0;
  for (let at = offset; at < offset + size; at += 24) {
    const name = names + elf.readUInt32LE(at);
    if (elf.toString("latin1", name, elf.indexOf(0, name)) === symbol) return elf.readBigUInt64LE(at + 8);
  }
  throw new Error(`the kernel has no symbol ${symbol}`);
}

test.serial("xl dump-core finds every page of the domain, and the kernel in them", async (t) => {
  t.timeout(120_000);
  const memoryMb = 6;
  const pages = memoryMb * 256;
  await using guest = await rig.create({ name: "core", kernel: image, memoryMb, extra: "" });
  await guest.console.waitFor(/^> $/m);
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
  // A variable, found as a debugger finds it: by its symbol. It is what the kernel said when it booted.
  const said = /memory: (\d+) pages/.exec(guest.console.text)?.[1];
  const address = addressOf("p2m_count", readFileSync(kernel.elf));
  const frame = Number((address - kernelBase) / 4096n);
  const at = (memory?.offset ?? 0) + order.map(Number).indexOf(frame) * 4096 + Number(address % 4096n);
  t.is(core.readBigUInt64LE(at), BigInt(said ?? 0));
});

test.serial("without the tree, for which there was no memory, xl dump-core fails", async (t) => {
  t.timeout(120_000);
  await using guest = await rig.create({ name: "bare", kernel: image, memoryMb: 6, extra: "frames=1" });
  await guest.console.waitFor(/cannot announce the memory: out of memory/m);
  await guest.expectEnd("crash"); // there is no memory for a task either
  const dumped = await rig.exec(["xl", "dump-core", "bare", "/run/none"]);
  t.not(dumped.status, 0, dumped.stdout + dumped.stderr);
  t.regex(dumped.stdout + dumped.stderr, /max_gpfn|max_pfn|p2m|frame_list|core dump failed|dumping core/i);
});
