/** `bench=boot`: how long booting took, and how much memory is in use after it. */
import { BootStage, timeToReach } from "../arch/x86-xen/boot-clock.ts";
import { frames } from "../mm/memory.ts";
import { note } from "./measure.ts";

const bytesPerPage = 4096;

/** Prints the figures of this boot, which is over. */
export function measureBoot(): void {
  const entry = timeToReach(BootStage.Entry);
  const banner = timeToReach(BootStage.Banner);
  const ready = timeToReach(BootStage.Ready);
  note("boot.entry", entry, "ns");
  note("boot.banner", banner, "ns");
  note("boot.ready", ready, "ns");
  note("memory.used", (frames.total - frames.free) * bytesPerPage, "bytes");
}
