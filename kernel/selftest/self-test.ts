/** What a self-test is: something that the kernel does to itself, and says how it went. Asked for by `test=NAME`. */

@struct
class Extent {
  /** For tests that make random choices. */
  seed: u64 = 1;
  /** How much a test does. */
  count: u64 = 20000;
  /** The other domain of a test of two, and the event channel that it has for this one. */
  peer: u64 = 0;
  port: u64 = 0;
  /** Or the first of the grant references that it has for this one. */
  ref: u64 = 0;
}

/** `seed=`, `count=`, `peer=`, `port=` and `ref=` on the command line. */
export const extent = new Extent();

export type SelfTest = { readonly name: string; readonly run: () => void };

/** Runs the test of that name; false where there is none. */
export function runNamed(tests: Slice<SelfTest>, name: Slice<u8>): boolean {
  for (const test of tests) {
    if (!name.equals(test.name.bytes())) continue;
    const run = test.run;
    run();
    return true;
  }
  return false;
}
