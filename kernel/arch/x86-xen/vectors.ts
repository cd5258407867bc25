/** The exceptions of x86, in words (Intel SDM volume 3, chapter 6). */

export const enum Vector {
  DivideError = 0,
  Debug = 1,
  NonMaskable = 2,
  Breakpoint = 3,
  Overflow = 4,
  BoundRange = 5,
  InvalidOpcode = 6,
  DeviceNotAvailable = 7,
  DoubleFault = 8,
  InvalidTss = 10,
  SegmentNotPresent = 11,
  StackSegment = 12,
  GeneralProtection = 13,
  PageFault = 14,
  X87 = 16,
  AlignmentCheck = 17,
  MachineCheck = 18,
  Simd = 19,
}

/** Vectors that entry.S has stubs for. */
export const vectorCount = 20;

/** What the vector means. */
export function describeVector(vector: u64): string {
  switch (vector as u32 as Vector) {
    case Vector.DivideError:
      return "divide error";
    case Vector.Debug:
      return "debug exception";
    case Vector.NonMaskable:
      return "non-maskable interrupt";
    case Vector.Breakpoint:
      return "breakpoint";
    case Vector.Overflow:
      return "overflow";
    case Vector.BoundRange:
      return "bound range exceeded";
    case Vector.InvalidOpcode:
      return "invalid opcode";
    case Vector.DeviceNotAvailable:
      return "device not available (a floating-point instruction)";
    case Vector.DoubleFault:
      return "double fault";
    case Vector.InvalidTss:
      return "invalid task state";
    case Vector.SegmentNotPresent:
      return "segment not present";
    case Vector.StackSegment:
      return "stack segment fault";
    case Vector.GeneralProtection:
      return "general protection fault";
    case Vector.PageFault:
      return "page fault";
    case Vector.X87:
      return "x87 floating-point error";
    case Vector.AlignmentCheck:
      return "alignment check";
    case Vector.MachineCheck:
      return "machine check";
    case Vector.Simd:
      return "SIMD floating-point error";
    default:
      return "a vector without a name";
  }
}

/** Bits of a page fault's error code. */
export const enum PageFaultBit {
  /** The page is mapped, but not for this. */
  Protection = 1,
  Write = 2,
  /** A program did it, not the kernel. */
  User = 4,
  ReservedBit = 8,
  Fetch = 16,
}

/** What was tried. */
export function describeAccess(errorCode: u64): string {
  if ((errorCode & PageFaultBit.Fetch) !== 0) return "instruction fetch from";
  return (errorCode & PageFaultBit.Write) !== 0 ? "write to" : "read of";
}

/** Why it failed. */
export function describeDenial(errorCode: u64, address: u64): string {
  if ((errorCode & PageFaultBit.ReservedBit) !== 0) return "a page-table entry has reserved bits";
  if ((errorCode & PageFaultBit.Protection) === 0) {
    return address < 4096 ? "nothing is mapped there (a null reference)" : "nothing is mapped there";
  }
  if ((errorCode & PageFaultBit.Fetch) !== 0) return "the page is not executable";
  return (errorCode & PageFaultBit.Write) !== 0 ? "the page is not writable" : "the page is not accessible";
}
