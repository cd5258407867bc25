/** The rig that the tests of one file share. */
import test from "ava";

import { Rig } from "../../tools/rig/rig.ts";
import { dom0Program } from "./dom0-program.ts";
import { kernelImages, type KernelImages } from "./kernel.ts";

/** Both are there when the tests run. */
export let rig: Rig;
export let kernel: KernelImages;
/** Where dom0 has the kernel. */
export const image = "/run/xenlet";

/** What the tests need besides a rig. */
export interface Equipment {
  /** The kernel; the one with all self-tests, unless it is said. */
  readonly images?: () => Promise<KernelImages>;
  /** Programs in C that dom0 gets, as `/run/NAME`. */
  readonly programs?: readonly string[];
  /** Anything else. */
  readonly prepare?: () => Promise<unknown>;
}

/** Starts a rig before the first test of a file, and ends it after the last one. */
export function shareRig({ images = kernelImages, programs = [], prepare }: Equipment = {}): void {
  test.before(async (t) => {
    t.timeout(900_000); // the first one builds everything
    kernel = await images();
    rig = await Rig.start();
    await rig.put(kernel.image, image);
    for (const name of programs) await rig.put(dom0Program(name), `/run/${name}`, 0o755);
    await prepare?.();
  });
  test.after.always(() => rig?.stop());
}
