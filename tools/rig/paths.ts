/** Where the rig keeps its things. Everything is below one directory and can be deleted at any time. */
import { join, resolve } from "node:path";

/** The root of the checkout. */
export const projectRoot = resolve(import.meta.dirname, "../..");

/**
 * The rig's cache: packages, the dom0 image, snapshots. `XENLET_RIG_CACHE` moves it, so that several checkouts (or a CI
 * machine that clones afresh each time) can share one.
 */
export const cacheRoot = resolve(process.env["XENLET_RIG_CACHE"] ?? join(projectRoot, "build/rig"));

/** A path below the cache. */
export function cachePath(...parts: string[]): string {
  return join(cacheRoot, ...parts);
}
