import koffi from "koffi";

import { ARENA_BYTES, type Region } from "./workload.ts";

const PAGE_BYTES = 4096n;

/** Memory that a form works in. */
export interface Arena {
  /** What the form calls byte 0: an address, or 0 where it has a memory of its own. */
  readonly base: bigint;
  readonly bytes: Buffer;
}

/** The memory at a native address. */
export function arenaAt(address: bigint, base: bigint): Arena {
  return { base, bytes: Buffer.from(koffi.view(address, ARENA_BYTES)) };
}

/** Page-aligned memory for a native form. It lives as long as the process. */
export function nativeArena(): Arena {
  const block = koffi.address(koffi.alloc("uint8_t", ARENA_BYTES + Number(PAGE_BYTES)));
  const address = (block + PAGE_BYTES - 1n) & ~(PAGE_BYTES - 1n);
  return arenaAt(address, address);
}

/** Puts the inputs of a workload in their places. */
export function writeInputs(arena: Arena, regions: readonly Region[]): void {
  for (const { offset, before } of regions) before.copy(arena.bytes, offset);
}

/** Where the memory differs from what a workload must leave there; undefined where it does not. */
export function findDifference(arena: Arena, regions: readonly Region[]): string | undefined {
  for (const { offset, before, after = before } of regions) {
    for (const [i, expected] of after.entries()) {
      const got = arena.bytes[offset + i];
      if (got !== expected) return `byte ${offset + i}: expected ${expected}, got ${got}`;
    }
  }
  return undefined;
}
