//> ok
//> magic: expected xen-3.0-x86_64, got 33342d332d6e6578
//> nr_pages: expected between 1 and 2^40, got 0
//> nr_pages: expected between 1 and 2^40, got ffffffffffffffff
//> shared_info: expected the address of a machine page, got 0
//> pt_base: expected the address of the top page table, got ffffffff80043008
//> mfn_list: expected the address of an array of 8-byte numbers, got ffffffff80022001
//> cmd_line: expected a zero within its 1024 bytes, got 400
//> ring: true, first domain: false
//> ring: false, first domain: true
//> ring: false, first domain: false
//> command line: [test=halt]
import { print } from "xenlet:host";
import {
  checkStartInfo,
  commandLine,
  hasConsoleRing,
  isFirstDomain,
} from "../../../kernel/arch/x86-xen/start-info.ts";
import { frameAddress, noMachAddr, noMfn, toMfn, toVirtAddr } from "../../../kernel/xen-abi/addresses.ts";
import { toPort } from "../../../kernel/xen-abi/event-channel.ts";
import { StartFlag, StartInfo } from "../../../kernel/xen-abi/xen.ts";

const info = new StartInfo();

/** What a guest of 32 MB finds. */
function makeGood(): void {
  zero(info);
  info.magic.slice(0).copyFrom("xen-3.0-x86_64".bytes());
  info.nrPages = 8192;
  info.sharedInfo = frameAddress(toMfn(0x1234));
  info.console.domU.mfn = toMfn(0x4321);
  info.console.domU.evtchn = toPort(2);
  info.ptBase = toVirtAddr(0xffffffff80043000);
  info.nrPtFrames = 5;
  info.mfnList = toVirtAddr(0xffffffff80022000);
  info.cmdLine.slice(0).copyFrom("test=halt".bytes());
}

function judge(): void {
  const judged = checkStartInfo(info);
  if (judged.ok) print("ok");
  else print(`${judged.error.field}: expected ${judged.error.expected}, got ${hex(judged.error.got)}`);
  makeGood();
}

function show(): void {
  print(`ring: ${hasConsoleRing(info)}, first domain: ${isFirstDomain(info)}`);
  makeGood();
}

export function main(): i32 {
  makeGood();
  judge();
  info.magic.slice(0).copyFrom("xen-3-43".bytes());
  judge();
  info.nrPages = 0;
  judge();
  info.nrPages = 0xffffffffffffffff;
  judge();
  info.sharedInfo = noMachAddr;
  judge();
  info.ptBase = toVirtAddr(0xffffffff80043008);
  judge();
  info.mfnList = toVirtAddr(0xffffffff80022001);
  judge();
  info.cmdLine.fill(0x61);
  judge();

  show();
  info.flags = StartFlag.Privileged | StartFlag.InitDomain;
  show();
  info.console.domU.mfn = noMfn;
  show();
  print(`command line: [${text(commandLine(info))}]`);
  return 0;
}
