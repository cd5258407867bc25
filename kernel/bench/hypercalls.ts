/** What the way into Xen and back costs: the floor under everything that needs Xen. */
import { switchKernelStack } from "../arch/x86-xen/hypercall/cpu.ts";
import { multicall } from "../arch/x86-xen/hypercall/multicall.ts";
import { xenVersion } from "../arch/x86-xen/hypercall/version.ts";
import { VersionOp } from "../xen-abi/version.ts";
import { Hypercall, MulticallEntry } from "../xen-abi/xen.ts";
import { measure } from "./measure.ts";

const batch = 64;
const calls = new FixedArray<MulticallEntry, 64>();

export function measureHypercalls(): void {
  measure("hypercall.null", 2000, 1, askVersion);
  measure("hypercall.cheapest", 2000, 1, setStack);
  measure("hypercall.multicall-entry", 50, batch, askInOneCall);
}

function askVersion(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) {
    const version = xenVersion(VersionOp.Version, 0);
    assert(version.ok, "Xen says its version");
  }
}

function setStack(rounds: u64): void {
  for (let round: u64 = 0; round < rounds; round++) switchKernelStack();
}

function askInOneCall(rounds: u64): void {
  for (const call of calls) {
    call.op = Hypercall.XenVersion;
    call.args[0] = VersionOp.Version;
    call.args[1] = 0;
  }
  for (let round: u64 = 0; round < rounds; round++) {
    const made = multicall(calls);
    assert(made.ok, "the calls are made");
  }
}
