/** xen.h: what every guest meets first: hypercall numbers, start_info, shared_info. */
import { ArchSharedInfo, ArchVcpuInfo } from "./arch-x86.ts";
import { noMachAddr, noMfn, noVirtAddr, type MachAddr, type Mfn, type VirtAddr } from "./addresses.ts";
import { noPort, type EventPort } from "./event-channel.ts";

/** `__HYPERVISOR_*`: the number of a hypercall, and of its entry in the hypercall page. */
export const enum Hypercall {
  SetTrapTable = 0,
  MmuUpdate = 1,
  StackSwitch = 3,
  FpuTaskswitch = 5,
  SetDebugreg = 8,
  GetDebugreg = 9,
  MemoryOp = 12,
  Multicall = 13,
  UpdateVaMapping = 14,
  XenVersion = 17,
  ConsoleIo = 18,
  GrantTableOp = 20,
  Iret = 23,
  VcpuOp = 24,
  MmuextOp = 26,
  SchedOp = 29,
  CallbackOp = 30,
  EventChannelOp = 32,
}

/** `UVMF_*`: what `update_va_mapping` flushes afterwards. */
export const enum FlushMode {
  None = 0,
  WholeTlb = 1,
  /** Only this page, on this vCPU. */
  OnePage = 2,
}

/** `CONSOLEIO_*`. */
export const enum ConsoleIo {
  Write = 0,
  Read = 1,
}

/** `VIRQ_*`: interrupts that Xen itself raises. */
export const enum Virq {
  Timer = 0,
  Debug = 1,
  /** Bytes have arrived on Xen's console; only the first domain may bind it. */
  Console = 2,
}

/** `SIF_*`: bits of `start_info.flags`. */
export const enum StartFlag {
  Privileged = 1,
  /** The domain that Xen itself started. */
  InitDomain = 2,
  MultibootModule = 4,
  ModuleStartIsPfn = 8,
  /** The toolstack understands a p2m list that lies in virtual memory in one piece. */
  VirtualP2mForTools = 16,
}
/** `SIF_PM_MASK`: power-management options of the first domain. */
export const startFlagPowerMask = 0xff00;

/** @xen none the anonymous `console.domU` of start_info */
@struct({ size: 16 })
export class DomUConsole {
  /** The frame of the console ring. */
  @offset(0) mfn: Mfn = noMfn;
  @offset(8) evtchn: EventPort = noPort;
}

/** @xen none the anonymous `console.dom0` of start_info */
@struct({ size: 8 })
export class Dom0Console {
  /** Where dom0_vga_console_info lies: bytes after the start of start_info. */
  @offset(0) infoOff: u32 = 0;
  @offset(4) infoSize: u32 = 0;
}

/** @xen none the anonymous `console` of start_info; `StartFlag.InitDomain` says which side is meant */
@union({ size: 16 })
export class StartInfoConsole {
  /** @xen domU */
  readonly domU = new DomUConsole();
  readonly dom0 = new Dom0Console();
}

/** `MAX_GUEST_CMDLINE`: bytes, the terminator included. */
export const commandLineBytes = 1024;

/**
 * The page that a domain finds in %rsi when it starts.
 * @xen start_info xen.h
 */
@struct({ size: 1168 })
export class StartInfo {
  /** "xen-<version>-<platform>", zero-padded. */
  @offset(0) readonly magic = new FixedArray<u8, 32>();
  /** Pages of this domain. */
  @offset(32) nrPages: u64 = 0;
  @offset(40) sharedInfo: MachAddr = noMachAddr;
  @offset(48) flags: Flags<StartFlag, u32> = 0;
  @offset(56) storeMfn: Mfn = noMfn;
  @offset(64) storeEvtchn: EventPort = noPort;
  @offset(72) readonly console = new StartInfoConsole();
  /** The top page table. */
  @offset(88) ptBase: VirtAddr = noVirtAddr;
  @offset(96) nrPtFrames: u64 = 0;
  /** The p2m list: one machine frame number for each page of the domain. */
  @offset(104) mfnList: VirtAddr = noVirtAddr;
  @offset(112) modStart: u64 = 0;
  @offset(120) modLen: u64 = 0;
  @offset(128) readonly cmdLine = new FixedArray<u8, 1024>();
  @offset(1152) firstP2mPfn: u64 = 0;
  @offset(1160) nrP2mFrames: u64 = 0;
}

/**
 * The clock of one vCPU, consistent while `version` is even and unchanged.
 * @xen vcpu_time_info xen.h
 */
@struct({ size: 32 })
export class VcpuTimeInfo {
  @offset(0) version: u32 = 0;
  @offset(4) pad0: u32 = 0;
  @offset(8) tscTimestamp: u64 = 0;
  /** Nanoseconds since Xen booted, at `tscTimestamp`. */
  @offset(16) systemTime: u64 = 0;
  @offset(24) tscToSystemMul: u32 = 0;
  @offset(28) tscShift: i8 = 0;
  @offset(29) flags: u8 = 0;
  @offset(30) readonly pad1 = new FixedArray<u8, 2>();
}

/** @xen vcpu_info xen.h */
@struct({ size: 64 })
export class VcpuInfo {
  /** Xen sets it; the guest clears it *before* it looks for events. */
  @offset(0) evtchnUpcallPending: u8 = 0;
  /** Non-zero: no upcall. Written by this vCPU, and by Xen on its behalf, only. */
  @offset(1) evtchnUpcallMask: u8 = 0;
  /** Bit n: word n of `evtchnPending` has news. */
  @offset(8) evtchnPendingSel: u64 = 0;
  @offset(16) readonly arch = new ArchVcpuInfo();
  @offset(32) readonly time = new VcpuTimeInfo();
}

/**
 * The page that a domain shares with Xen.
 * @xen shared_info xen.h
 */
@struct({ size: 3136 })
export class SharedInfo {
  @offset(0) readonly vcpuInfo = new FixedArray<VcpuInfo, 32>();
  @offset(2048) readonly evtchnPending = new FixedArray<u64, 64>();
  @offset(2560) readonly evtchnMask = new FixedArray<u64, 64>();
  @offset(3072) wcVersion: u32 = 0;
  @offset(3076) wcSec: u32 = 0;
  @offset(3080) wcNsec: u32 = 0;
  @offset(3084) wcSecHi: u32 = 0;
  @offset(3088) readonly arch = new ArchSharedInfo();
}

/**
 * One call of a batch.
 * @xen multicall_entry xen.h
 */
@struct({ size: 64 })
export class MulticallEntry {
  @offset(0) op: u64 = 0;
  @offset(8) result: u64 = 0;
  @offset(16) readonly args = new FixedArray<u64, 6>();
}
