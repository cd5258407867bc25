// The loop that is timed around every form alike, in a library of its own so that no form can be inlined into it.
import { functionAt, trap } from "xenlet:unsafe";

/** What each form's workloads look like from outside; those with fewer arguments ignore the rest. */
type Workload = (a: u64, b: u64, c: u64, d: u64, e: u64, f: u64) => u64;

/**
 * Calls the function at `address` `calls` times with the same arguments. Returns what the last call did.
 * @export repeat
 */
export function repeat(address: u64, calls: u64, a: u64, b: u64, c: u64, d: u64, e: u64, f: u64): u64 {
  const workload = functionAt<Workload>(address);
  let result: u64 = 0;
  for (let call: u64 = 0; call < calls; call++) {
    result = workload(a, b, c, d, e, f);
  }
  return result;
}

/** @checkHandler */
export function checkFailed(_what: string, _at: string, _got: u64, _limit: u64): never {
  trap();
}
