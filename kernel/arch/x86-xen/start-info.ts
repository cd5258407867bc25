/** The page that a domain starts with: judged once, before anything else believes it. */
import { startsWith, untilZero } from "../../lib/bytes.ts";
import { machNumber, mfnNumber, pageOffsetMask, virtNumber } from "../../xen-abi/addresses.ts";
import { portNumber } from "../../xen-abi/event-channel.ts";
import { StartFlag, type StartInfo } from "../../xen-abi/xen.ts";

/** What is wrong with a start_info: expected this, got that. */
export type StartInfoFault = { readonly field: string; readonly expected: string; readonly got: u64 };

/** The magic of every Xen that runs 64-bit paravirtualized domains. */
const magic = "xen-3.0-x86_64";
/** Machine frame numbers have 40 bits on x86-64: more pages cannot be. */
const mostPages = 1 << 40;

/** Whether `info` can be believed; the first thing that cannot comes back. */
export function checkStartInfo(info: StartInfo): Result<undefined, StartInfoFault> {
  if (!untilZero(info.magic).equals(magic.bytes())) {
    return err({ field: "magic", expected: "xen-3.0-x86_64", got: info.magic.readU64le(0) });
  }
  if (info.nrPages === 0 || info.nrPages > mostPages) {
    return err({ field: "nr_pages", expected: "between 1 and 2^40", got: info.nrPages });
  }
  const sharedInfo = machNumber(info.sharedInfo);
  if (sharedInfo === 0 || (sharedInfo & pageOffsetMask) !== 0) {
    return err({ field: "shared_info", expected: "the address of a machine page", got: sharedInfo });
  }
  const ptBase = virtNumber(info.ptBase);
  if (ptBase === 0 || (ptBase & pageOffsetMask) !== 0 || info.nrPtFrames === 0) {
    return err({ field: "pt_base", expected: "the address of the top page table", got: ptBase });
  }
  const mfnList = virtNumber(info.mfnList);
  if (mfnList === 0 || (mfnList & 7) !== 0) {
    return err({ field: "mfn_list", expected: "the address of an array of 8-byte numbers", got: mfnList });
  }
  if (untilZero(info.cmdLine).length === info.cmdLine.length) {
    return err({ field: "cmd_line", expected: "a zero within its 1024 bytes", got: info.cmdLine.length });
  }
  return ok();
}

let current: StartInfo | null = null;

/** From here on, `info` is the domain's; the caller has checked it. */
export function adoptStartInfo(info: StartInfo): void {
  current = info;
}

/** The start_info of this boot. */
export function startInfo(): StartInfo {
  return current!;
}

/** Whether Xen itself started this domain: its console is Xen's, and there is neither ring nor xenstore page. */
export function isFirstDomain(info: StartInfo): boolean {
  return has(info.flags, StartFlag.InitDomain);
}

/** Whether the toolstack gave this domain a console ring. */
export function hasConsoleRing(info: StartInfo): boolean {
  if (isFirstDomain(info)) return false;
  return mfnNumber(info.console.domU.mfn) !== 0 && portNumber(info.console.domU.evtchn) !== 0;
}

/** Whether the toolstack gave this domain a ring to xenstored. */
export function hasStoreRing(info: StartInfo): boolean {
  return !isFirstDomain(info) && mfnNumber(info.storeMfn) !== 0 && portNumber(info.storeEvtchn) !== 0;
}

/** The command line, without its terminator. */
export function commandLine(info: StartInfo): Slice<u8> {
  return untilZero(info.cmdLine);
}

/** The ABI that the magic names, for people: "xen-3.0-x86_64". */
export function abiName(info: StartInfo): Slice<u8> {
  const name = untilZero(info.magic);
  return startsWith(name, "xen-".bytes()) ? name : name.slice(0, 0);
}
