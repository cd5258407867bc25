/**
 * Instructions that belong to the processor's kernel mode, which under Xen no guest has: their names, and what a guest does
 * in their place. Pure: bytes in, a value out. It knows these instructions only, and gives up on every other one.
 *
 * Encodings: Intel SDM volume 2, appendix A. Replacements: the public headers that the texts name.
 */
import {
  anyModRm,
  anyRegister,
  Map,
  Operands,
  privilegedLines,
  Subject,
  type PrivilegedLine,
} from "./privileged-table.ts";

/** The longest instruction that there is, in bytes. */
export const longestInstruction = 15;

/** What an instruction is, with what its operands say about its replacement. */
export type PrivilegedInstruction = {
  readonly name: string;
  /** What a guest does instead. */
  readonly instead: string;
  /** Bytes, prefixes and operands included. */
  readonly length: u32;
  /** Which of the registers or ports that have names of their own it is about. */
  readonly subject: Subject;
  /** The port of an `in` or `out` that names it; `portInDx` where %dx does. */
  readonly port: u32;
};

export const portInDx = 0x10000;

/** Why bytes are no privileged instruction. */
export const enum NotPrivileged {
  /** An ordinary one, or one that this table does not have. */
  Other,
  /** The bytes end before the instruction does. */
  Cut,
}

/** The privileged instruction at the start of `code`. */
export function decodePrivileged(code: Slice<u8>): Result<PrivilegedInstruction, NotPrivileged> {
  let at: usize = 0;
  let rexR: u8 = 0;
  while (at < code.length && isPrefix(code[at])) at++;
  if (at < code.length && (code[at] & 0xf0) === 0x40) {
    rexR = (code[at] & 4) << 1;
    at++;
  }
  let map = Map.OneByte;
  if (at < code.length && code[at] === 0x0f) {
    map = Map.TwoByte;
    at++;
    if (at < code.length && code[at] === 0x38) {
      map = Map.ThreeByte;
      at++;
    }
  }
  if (at >= code.length) return err(NotPrivileged.Cut);
  const opcode = code[at];
  const operands = code.slice(at + 1);
  for (const line of privilegedLines) {
    if (line.map !== map || line.opcode !== opcode) continue;
    if (line.operands === Operands.ModRm) {
      if (operands.length === 0) return err(NotPrivileged.Cut);
      if (!fitsModRm(line, operands[0], rexR)) continue;
    }
    const rest = operandBytes(line, operands);
    if (!rest.ok) return err(rest.error);
    return ok({
      name: line.name,
      instead: line.instead,
      length: (at as u32) + 1 + rest.value,
      subject: line.subject,
      port: line.operands === Operands.Byte ? operands[0] : portInDx,
    });
  }
  return err(NotPrivileged.Other);
}

/** Operand size, address size, segments, lock, repeat. */
function isPrefix(byte: u8): boolean {
  switch (byte) {
    case 0x66:
    case 0x67:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x26:
    case 0x64:
    case 0x65:
    case 0xf0:
    case 0xf2:
    case 0xf3:
      return true;
    default:
      return false;
  }
}

function fitsModRm(line: PrivilegedLine, modRm: u8, rexR: u8): boolean {
  if (line.modRm !== anyModRm) return line.modRm === modRm;
  if (line.register === anyRegister) return true;
  const field: u8 = (modRm >> 3) & 7;
  if (!isMoveToSystemRegister(line)) {
    // The memory forms of 0F 01 share their register fields with instructions that have no memory operand.
    const needsMemory = line.opcode === 0x01 && field !== 4 && field !== 6;
    return line.register === field && !(needsMemory && modRm >= 0xc0);
  }
  const number: u8 = field | rexR;
  return line.register === 15 ? number === 8 : line.register === number;
}

/** 0F 20 to 0F 23, whose register field REX.R extends. */
function isMoveToSystemRegister(line: PrivilegedLine): boolean {
  return line.map === Map.TwoByte && line.opcode >= 0x20 && line.opcode <= 0x23;
}

/** How many bytes of operands follow the opcode. */
function operandBytes(line: PrivilegedLine, operands: Slice<u8>): Result<u32, NotPrivileged> {
  let count: u32 = 0;
  if (line.operands === Operands.Byte) count = 1;
  if (line.operands === Operands.ModRm) {
    // A move to or from a system register takes no memory operand, whatever the mod field says.
    count = isMoveToSystemRegister(line) ? 1 : modRmBytes(operands);
  }
  return count <= operands.length ? ok(count) : err(NotPrivileged.Cut);
}

/** A ModRM byte with the SIB byte and displacement that it announces (Intel SDM volume 2, tables 2-2 and 2-3). */
function modRmBytes(operands: Slice<u8>): u32 {
  const mod: u8 = operands[0] >> 6;
  const rm: u8 = operands[0] & 7;
  if (mod === 3) return 1;
  let count: u32 = 1;
  let base: u8 = rm;
  if (rm === 4) {
    count++;
    base = operands.length > 1 ? operands[1] & 7 : 0;
  }
  if (mod === 1) return count + 1;
  if (mod === 2) return count + 4;
  return base === 5 ? count + 4 : count;
}
