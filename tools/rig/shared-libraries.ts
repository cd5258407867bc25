/** Finds which shared libraries a program needs, by reading its ELF file: ldd would need the target system to run. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;

const libraryDirectories = [
  "lib/x86_64-linux-gnu",
  "usr/lib/x86_64-linux-gnu",
  "usr/lib/x86_64-linux-gnu/xen",
  "usr/lib/x86_64-linux-gnu/ceph",
  "lib64",
];

/** The libraries (and the program interpreter) that `programs` need, transitively, as paths below `root`. */
export function sharedLibraries(root: string, programs: readonly string[]): string[] {
  const found = new Set<string>();
  const queue = [...programs];
  for (let program = queue.pop(); program !== undefined; program = queue.pop()) {
    for (const name of neededBy(readFileSync(join(root, program)))) {
      const path = locate(root, name, program);
      if (found.has(path)) continue;
      found.add(path);
      queue.push(path);
    }
  }
  return [...found].sort();
}

function locate(root: string, name: string, neededBy: string): string {
  if (name.startsWith("/")) return name.slice(1);
  const directory = libraryDirectories.find((candidate) => existsSync(join(root, candidate, name)));
  if (directory === undefined) {
    throw new Error(
      `${neededBy} needs ${name}, which no unpacked package has; add its package to requestedPackages`,
    );
  }
  return join(directory, name);
}

/** The interpreter and the DT_NEEDED names of an ELF64 file; empty for a static program or anything else. */
function neededBy(file: Buffer): string[] {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2) return [];
  const segments = programHeaders(file);
  const names = segments.filter((s) => s.type === PT_INTERP).map((s) => text(file, s.offset));
  const dynamic = segments.find((s) => s.type === PT_DYNAMIC);
  if (!dynamic) return names;

  const needed: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = file.readBigInt64LE(at);
    const value = Number(file.readBigUInt64LE(at + 8));
    if (tag === DT_NEEDED) needed.push(value);
    if (tag === DT_STRTAB) strings = fileOffset(segments, value);
  }
  return [...names, ...needed.map((offset) => text(file, strings + offset))];
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function programHeaders(file: Buffer): Segment[] {
  const table = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = table + index * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function fileOffset(segments: readonly Segment[], address: number): number {
  const home = segments.find(
    (s) => s.type === PT_LOAD && address >= s.address && address < s.address + s.size,
  );
  if (!home) throw new Error(`address 0x${address.toString(16)} of the string table is in no loaded segment`);
  return address - home.address + home.offset;
}

function text(file: Buffer, at: number): string {
  return file.toString("utf8", at, file.indexOf(0, at));
}
