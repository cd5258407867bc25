/**
 * Regions of the kernel's half that the kernel itself fills. An entry of the top page table stands for 512 GiB; all regions
 * but the direct map share one: each more is a table more that Xen checks at boot, which takes it 40 µs.
 */

/** All frames that the bootstrap mapping does not have, frame n at n pages from here: 64 TiB. */
export const directMapBase = 0xffff880000000000;
/** What is known of each frame, one record after the other: 256 GiB, which is enough for as many frames. */
export const frameRecordsBase = 0xffffc80000000000;
/** Stacks of tasks, each between pages that are not mapped. */
export const stackRegionBase = 0xffffc84000000000;
export const stackRegionEnd = 0xffffc85000000000;
/** Mappings that come and go: rings of devices, frames of others. */
export const windowRegionBase = 0xffffc85000000000;
export const windowRegionEnd = 0xffffc86000000000;
/** The room of the page-table tests and benchmarks. */
export const exerciseBase = 0xffffc86000000000;

/**
 * The grant table: entries, then what the kernel notes of each reference, then (version 2) status words. All of it is within
 * what one page table maps.
 */
export const grantTableBase = 0xffffc87800000000;
export const grantRecordsBase = 0xffffc87800080000;
export const grantStatusBase = 0xffffc87800100000;
/** Pages of entries that there is room for; Xen's own limit is 64 unless its administrator says otherwise. */
export const grantPageLimit = 128;
