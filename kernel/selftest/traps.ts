/**
 * Traps on purpose: `test=trap-…` on the command line.
 */
import { addressOf, functionAt, ptr, sliceAt, spinHint, symbolAddress } from "xenlet:unsafe";
import { setStepHandler, flagSingleStep, unwatch, watch, Watch } from "../arch/x86-xen/debug.ts";
import { describeProbeFault, fixupCounts, probeCopy, probeRead, probeWrite } from "../arch/x86-xen/fixups.ts";
import { decodePrivileged } from "../arch/x86-xen/privileged.ts";
import { powerOff } from "../arch/x86-xen/shutdown.ts";
import type { TrapFrame } from "../arch/x86-xen/trap-frame.ts";
import { printTraps } from "../arch/x86-xen/trap-report.ts";
import { TrapOverride } from "../arch/x86-xen/traps.ts";
import { Vector } from "../arch/x86-xen/vectors.ts";
import * as log from "../lib/log.ts";
import { panic } from "../lib/panic.ts";
import { LogPrinter } from "../lib/printer.ts";
import { loseSelector } from "./failsafe.ts";
import { computeWithTwo, computeWithout } from "./fpu.ts";
import { callInstalled, codeAddress, install } from "./machine-code.ts";
import type { SelfTest } from "./self-test.ts";

export const trapTests: FixedArray<SelfTest, 10> = [
  { name: "trap-overflow", run: overflowStack },
  { name: "trap-privileged", run: runPrivileged },
  { name: "trap-survey", run: surveyPrivileged },
  { name: "trap-probe", run: probeMemory },
  { name: "trap-watch", run: watchMemory },
  { name: "trap-step", run: stepThrough },
  { name: "trap-fpu", run: computeWithTwo },
  { name: "trap-fpu-refused", run: computeWithout },
  { name: "trap-spin", run: spin },
  { name: "trap-failsafe", run: loseSelector },
];

let depth: u64 = 0;
let noLimit: u64 = 1;

/** The shift keeps the compiler from making a loop of it. */
function recurse(level: u64): u64 {
  depth = level;
  if (level * noLimit === 0) return 0;
  return (recurse(level + 1) >> 1) + level; // mark: trap-overflow
}

function overflowStack(): void {
  log.info(`the recursion ended after ${recurse(1)}`);
}

function runPrivileged(): void {
  const code: FixedArray<u8, 8> = [0xb9, 0x82, 0x00, 0x00, 0xc0, 0x0f, 0x30, 0xc3]; // mov $0xc0000082,%ecx; wrmsr; ret
  install(code);
  callInstalled();
}

let seenVector: u64 = 0;
let seenCode: u64 = 0;
/** Bytes of the instruction that is tried. */
let triedLength: u64 = 1;

/** Goes on behind the instruction. */
function skipInstruction(frame: TrapFrame): void {
  seenVector = frame.vector;
  seenCode = frame.errorCode;
  const bytes = new FixedArray<u8, 15>();
  const readable = probeCopy(bytes, frame.rip);
  const found = decodePrivileged(bytes.slice(0, readable));
  frame.rip += found.ok ? found.value.length : triedLength;
}

/** What this Xen makes of each: executes it, and says whether it trapped. Registers are saved around it. */
function tryInstruction(name: string, first: u8, second: u8, third: u8, count: usize): void {
  const code = new FixedArray<u8, 64>();
  const before: FixedArray<u8, 15> = [
    0x50, 0x51, 0x52, 0x53, 0x31, 0xc0, 0x31, 0xd2, 0x31, 0xdb, 0xb9, 0x80, 0x00, 0x00, 0xc0,
  ];
  const after: FixedArray<u8, 5> = [0x5b, 0x5a, 0x59, 0x58, 0xc3];
  const instruction: FixedArray<u8, 3> = [first, second, third];
  code.copyFrom(before); // push rax rcx rdx rbx; eax = edx = ebx = 0; ecx = EFER
  code.slice(before.length).copyFrom(instruction.slice(0, count));
  code.slice(before.length + count).copyFrom(after);
  install(code);
  seenVector = 0xff;
  triedLength = count;
  callInstalled();
  if (seenVector === 0xff) log.info(`survey: ${name}: no trap`);
  else log.info(`survey: ${name}: vector ${seenVector}, error code 0x${hex(seenCode)}`);
}

function surveyPrivileged(): void {
  using faults = new TrapOverride(Vector.GeneralProtection, skipInstruction);
  using opcodes = new TrapOverride(Vector.InvalidOpcode, skipInstruction);
  tryInstruction("cli", 0xfa, 0, 0, 1);
  tryInstruction("sti", 0xfb, 0, 0, 1);
  tryInstruction("hlt", 0xf4, 0, 0, 1);
  tryInstruction("clts", 0x0f, 0x06, 0, 2);
  tryInstruction("invd", 0x0f, 0x08, 0, 2);
  tryInstruction("wbinvd", 0x0f, 0x09, 0, 2);
  tryInstruction("mov from cr0", 0x0f, 0x20, 0xc0, 3);
  tryInstruction("mov from cr2", 0x0f, 0x20, 0xd0, 3);
  tryInstruction("mov from cr3", 0x0f, 0x20, 0xd8, 3);
  tryInstruction("mov from cr4", 0x0f, 0x20, 0xe0, 3);
  tryInstruction("mov to cr0", 0x0f, 0x22, 0xc0, 3);
  tryInstruction("mov to cr2", 0x0f, 0x22, 0xd0, 3);
  tryInstruction("mov to cr3", 0x0f, 0x22, 0xd8, 3);
  tryInstruction("mov to cr4", 0x0f, 0x22, 0xe0, 3);
  tryInstruction("mov from dr7", 0x0f, 0x21, 0xf8, 3);
  tryInstruction("rdmsr EFER", 0x0f, 0x32, 0, 2);
  tryInstruction("wrmsr EFER", 0x0f, 0x30, 0, 2);
  tryInstruction("in al, dx", 0xec, 0, 0, 1);
  tryInstruction("out dx, al", 0xee, 0, 0, 1);
  tryInstruction("invlpg (rax)", 0x0f, 0x01, 0x38, 3);
  tryInstruction("lgdt (rax)", 0x0f, 0x01, 0x10, 3);
  tryInstruction("lidt (rax)", 0x0f, 0x01, 0x18, 3);
  tryInstruction("smsw eax", 0x0f, 0x01, 0xe0, 3);
  tryInstruction("lmsw ax", 0x0f, 0x01, 0xf0, 3);
  tryInstruction("ltr ax", 0x0f, 0x00, 0xd8, 3);
  tryInstruction("lldt ax", 0x0f, 0x00, 0xd0, 3);
  tryInstruction("sldt eax", 0x0f, 0x00, 0xc0, 3);
  tryInstruction("str eax", 0x0f, 0x00, 0xc8, 3);
  tryInstruction("swapgs", 0x0f, 0x01, 0xf8, 3);
  tryInstruction("monitor", 0x0f, 0x01, 0xc8, 3);
  tryInstruction("mwait", 0x0f, 0x01, 0xc9, 3);
  tryInstruction("xsetbv", 0x0f, 0x01, 0xd1, 3);
  tryInstruction("xgetbv", 0x0f, 0x01, 0xd0, 3);
  tryInstruction("vzeroupper", 0xc5, 0xf8, 0x77, 3);
  tryInstruction("stac", 0x0f, 0x01, 0xcb, 3);
  tryInstruction("vmmcall", 0x0f, 0x01, 0xd9, 3);
  tryInstruction("vmcall", 0x0f, 0x01, 0xc1, 3);
  tryInstruction("rdpmc", 0x0f, 0x33, 0, 2);
}

function report(what: string, address: u64): void {
  const found = probeRead(address);
  if (found.ok) log.info(`probe: ${what}: readable`);
  else log.info(`probe: ${what}: ${describeProbeFault(found.error)}`);
}

function probeMemory(): void {
  report("a variable", addressOf(seenVectorHolder));
  report("null", 0);
  report("no address", 0x0000800000000000);
  report("Xen itself", 0xffff820000000000);
  report("the guard page", symbolAddress("boot_stack_guard"));
  const text = symbolAddress("__text_start");
  const written = probeWrite(text, 0);
  log.info(`probe: instructions are ${written.ok ? "writable" : "read-only"}`);
  const edge = new FixedArray<u8, 64>();
  const copied = probeCopy(edge, symbolAddress("boot_stack_guard") - 16);
  log.info(`probe: ${copied} bytes before the guard page`);
  const counts = fixupCounts();
  log.info(`probe: ${counts.taken} faults went on at a fix-up`);
  using override = new TrapOverride(Vector.Breakpoint, countBreakpoint);
  const code: FixedArray<u8, 2> = [0xcc, 0xc3];
  install(code);
  callInstalled();
  {
    using inner = new TrapOverride(Vector.Breakpoint, countTwice);
    callInstalled();
  }
  callInstalled();
  log.info(`override: breakpoints counted ${breakpoints}`);
}

const seenVectorHolder = new FixedArray<u64, 2>();
let breakpoints: u64 = 0;

function countBreakpoint(frame: TrapFrame): void {
  breakpoints++;
}

function countTwice(frame: TrapFrame): void {
  breakpoints += 10;
}

const watched = new FixedArray<u64, 4>();
let hits: u64 = 0;
let hitValue: u64 = 0;

function onWatch(frame: TrapFrame, slot: u32): void {
  hits++;
  hitValue = ptr<u64>(addressOf(watched) + 8).load();
}

function watchMemory(): void {
  const place: u64 = addressOf(watched) + 8;
  const slot = watch(place, 8, Watch.Write, onWatch);
  if (!slot.ok) panic("Xen refuses a watchpoint");
  ptr<u64>(place - 8).store(1);
  ptr<u64>(place).store(42);
  log.info(`watch: ${hits} hits, the value is ${hitValue}`);
  unwatch(slot.value);
  ptr<u64>(place).store(43);
  log.info(`watch: ${hits} hits after it is gone`);
  const wrong = watch(place + 1, 8, Watch.Write, onWatch);
  log.info(`watch: an odd address is ${wrong.ok ? "taken" : "refused"}`);
  const xens = watch(0xffff820000000000, 8, Watch.Write, onWatch);
  log.info(`watch: an address of Xen's is ${xens.ok ? "taken" : "refused"}`);
  const code: FixedArray<u8, 3> = [0x90, 0x90, 0xc3];
  install(code);
  const instruction = watch(codeAddress + 1, 1, Watch.Execute, onWatch);
  if (!instruction.ok) panic("Xen refuses to watch an instruction");
  callInstalled();
  log.info(`watch: ${hits} hits with the instruction's`);
  unwatch(instruction.value);
}

let steps: u64 = 0;
let lastStep: u64 = 0;

function onStep(frame: TrapFrame): void {
  if (frame.rip < codeAddress || frame.rip > codeAddress + 16) {
    frame.rflags &= ~(flagSingleStep as u64);
    return;
  }
  steps++;
  lastStep = frame.rip;
}

function stepThrough(): void {
  setStepHandler(onStep);
  // pushf; orl $0x100,(%rsp); popf; nop; nop; nop; ret
  const code: FixedArray<u8, 13> = [
    0x9c, 0x81, 0x0c, 0x24, 0x00, 0x01, 0x00, 0x00, 0x9d, 0x90, 0x90, 0x90, 0xc3,
  ];
  install(code);
  callInstalled();
  setStepHandler(null);
  log.info(`step: ${steps} steps, the last at ${lastStep - codeAddress}`);
}

function spin(): void {
  log.info("spinning until somebody looks");
  for (;;) spinHint();
}
