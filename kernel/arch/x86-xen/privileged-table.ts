/** The table of `privileged.ts`: a line for each instruction, with what a guest does in its place. */

/** What else is looked up for the report. */
export const enum Subject {
  None,
  /** The model-specific register in %ecx. */
  Msr,
  Port,
}

/** Which opcode map a line is about: the bytes that go before the opcode. */
export const enum Map {
  OneByte,
  TwoByte,
  /** 0F 38. */
  ThreeByte,
}

/** What follows the opcode. */
export const enum Operands {
  None,
  Byte,
  ModRm,
}

/** In a line: whatever the register field of the ModRM byte says. */
export const anyRegister = 8;
/** In a line: whatever the whole ModRM byte says. */
export const anyModRm = 0;

export type PrivilegedLine = {
  readonly map: Map;
  readonly opcode: u8;
  readonly operands: Operands;
  /** The register field of the ModRM byte, or `anyRegister`. */
  readonly register: u8;
  /** The ModRM byte, where it is part of the opcode; else `anyModRm`. */
  readonly modRm: u8;
  readonly subject: Subject;
  readonly name: string;
  readonly instead: string;
};

const maskBit =
  "vcpu_info.evtchn_upcall_mask in shared_info: 1 masks, 0 unmasks; after unmasking look at evtchn_upcall_pending";
const interruptReturn = "HYPERVISOR_iret: it restores the event mask from the flags, and looks for events";
const descriptors = "HYPERVISOR_set_gdt, HYPERVISOR_update_descriptor; an LDT by MMUEXT_SET_LDT";
const trapTable = "HYPERVISOR_set_trap_table";
const taskState = "HYPERVISOR_stack_switch sets the kernel's stack; Xen owns the task state segment";
const ports =
  "nothing: a guest has no ports of its own; devices are reached over rings (console, net, block, pci)";
const taskSwitched =
  "HYPERVISOR_fpu_taskswitch(1) has the next use trap, (0) does not; #NM clears it as well";
const flushPage =
  "MMUEXT_INVLPG_LOCAL, INVLPG_MULTI, INVLPG_ALL; or UVMF_INVLPG with the update_va_mapping that made it necessary";
const caches = "MMUEXT_FLUSH_CACHE, for domains with devices of their own";
const registers =
  "HYPERVISOR_set_segment_base for FS and GS bases, CALLBACKOP_register for system-call entries; Xen keeps the rest";
const debugRegisters = "HYPERVISOR_set_debugreg, HYPERVISOR_get_debugreg";
const controlZero = "HYPERVISOR_fpu_taskswitch for TS; Xen keeps the other bits";
const faultAddress = "vcpu_info.arch.cr2 in shared_info";
const baseRegister =
  "MMUEXT_NEW_BASEPTR switches page tables, MMUEXT_TLB_FLUSH_LOCAL only flushes; start_info.pt_base is the first one";
const controlFour = "nothing: Xen chooses the processor's features; XENVER_get_features and cpuid tell which";
const taskPriority = "vcpu_info.evtchn_upcall_mask: event channels have no priorities in hardware";
const hypervisor = "the hypercall page: it has the instruction that this Xen wants";
const states = "xsave and xrstor with the components that Xen enabled";

// prettier-ignore
export const privilegedLines: FixedArray<PrivilegedLine, 62> = [
  { map: Map.OneByte, opcode: 0xfa, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "cli", instead: maskBit },
  { map: Map.OneByte, opcode: 0xfb, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "sti", instead: maskBit },
  { map: Map.OneByte, opcode: 0xf4, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "hlt", instead: "SCHEDOP_block: unmasks events and sleeps until the next one; SCHEDOP_shutdown for the end" },
  { map: Map.OneByte, opcode: 0xcf, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "iret", instead: interruptReturn },
  { map: Map.OneByte, opcode: 0xe4, operands: Operands.Byte, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "in %al", instead: ports },
  { map: Map.OneByte, opcode: 0xe5, operands: Operands.Byte, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "in %eax", instead: ports },
  { map: Map.OneByte, opcode: 0xe6, operands: Operands.Byte, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "out %al", instead: ports },
  { map: Map.OneByte, opcode: 0xe7, operands: Operands.Byte, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "out %eax", instead: ports },
  { map: Map.OneByte, opcode: 0xec, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "in (%dx), %al", instead: ports },
  { map: Map.OneByte, opcode: 0xed, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "in (%dx), %eax", instead: ports },
  { map: Map.OneByte, opcode: 0xee, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "out %al, (%dx)", instead: ports },
  { map: Map.OneByte, opcode: 0xef, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "out %eax, (%dx)", instead: ports },
  { map: Map.OneByte, opcode: 0x6c, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "insb", instead: ports },
  { map: Map.OneByte, opcode: 0x6d, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "insl", instead: ports },
  { map: Map.OneByte, opcode: 0x6e, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "outsb", instead: ports },
  { map: Map.OneByte, opcode: 0x6f, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Port, name: "outsl", instead: ports },
  { map: Map.TwoByte, opcode: 0x00, operands: Operands.ModRm, register: 0, modRm: anyModRm, subject: Subject.None, name: "sldt", instead: descriptors },
  { map: Map.TwoByte, opcode: 0x00, operands: Operands.ModRm, register: 1, modRm: anyModRm, subject: Subject.None, name: "str", instead: taskState },
  { map: Map.TwoByte, opcode: 0x00, operands: Operands.ModRm, register: 2, modRm: anyModRm, subject: Subject.None, name: "lldt", instead: descriptors },
  { map: Map.TwoByte, opcode: 0x00, operands: Operands.ModRm, register: 3, modRm: anyModRm, subject: Subject.None, name: "ltr", instead: taskState },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xc1, subject: Subject.None, name: "vmcall", instead: hypervisor },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xd9, subject: Subject.None, name: "vmmcall", instead: hypervisor },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xc8, subject: Subject.None, name: "monitor", instead: "SCHEDOP_block, or SCHEDOP_poll for one port" },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xc9, subject: Subject.None, name: "mwait", instead: "SCHEDOP_block, or SCHEDOP_poll for one port" },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xca, subject: Subject.None, name: "clac", instead: "nothing: Xen decides on SMAP; a guest's kernel and programs are both in ring 3" },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xcb, subject: Subject.None, name: "stac", instead: "nothing: Xen decides on SMAP; a guest's kernel and programs are both in ring 3" },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xd1, subject: Subject.None, name: "xsetbv", instead: states },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xf8, subject: Subject.None, name: "swapgs", instead: "HYPERVISOR_set_segment_base (SEGBASE_GS_USER, SEGBASE_GS_KERNEL); Xen swaps when it switches between kernel and program" },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: anyRegister, modRm: 0xd8, subject: Subject.None, name: "vmrun", instead: "nothing: virtualization belongs to Xen" },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: 0, modRm: anyModRm, subject: Subject.None, name: "sgdt", instead: descriptors },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: 1, modRm: anyModRm, subject: Subject.None, name: "sidt", instead: trapTable },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: 2, modRm: anyModRm, subject: Subject.None, name: "lgdt", instead: descriptors },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: 3, modRm: anyModRm, subject: Subject.None, name: "lidt", instead: trapTable },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: 4, modRm: anyModRm, subject: Subject.None, name: "smsw", instead: controlZero },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: 6, modRm: anyModRm, subject: Subject.None, name: "lmsw", instead: controlZero },
  { map: Map.TwoByte, opcode: 0x01, operands: Operands.ModRm, register: 7, modRm: anyModRm, subject: Subject.None, name: "invlpg", instead: flushPage },
  { map: Map.TwoByte, opcode: 0x06, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "clts", instead: taskSwitched },
  { map: Map.TwoByte, opcode: 0x08, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "invd", instead: caches },
  { map: Map.TwoByte, opcode: 0x09, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "wbinvd", instead: caches },
  { map: Map.TwoByte, opcode: 0x07, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "sysret", instead: "HYPERVISOR_iret with VGCF_in_syscall" },
  { map: Map.TwoByte, opcode: 0x20, operands: Operands.ModRm, register: 0, modRm: anyModRm, subject: Subject.None, name: "mov from cr0", instead: controlZero },
  { map: Map.TwoByte, opcode: 0x20, operands: Operands.ModRm, register: 2, modRm: anyModRm, subject: Subject.None, name: "mov from cr2", instead: faultAddress },
  { map: Map.TwoByte, opcode: 0x20, operands: Operands.ModRm, register: 3, modRm: anyModRm, subject: Subject.None, name: "mov from cr3", instead: baseRegister },
  { map: Map.TwoByte, opcode: 0x20, operands: Operands.ModRm, register: 4, modRm: anyModRm, subject: Subject.None, name: "mov from cr4", instead: controlFour },
  { map: Map.TwoByte, opcode: 0x20, operands: Operands.ModRm, register: 15, modRm: anyModRm, subject: Subject.None, name: "mov from cr8", instead: taskPriority },
  { map: Map.TwoByte, opcode: 0x22, operands: Operands.ModRm, register: 0, modRm: anyModRm, subject: Subject.None, name: "mov to cr0", instead: controlZero },
  { map: Map.TwoByte, opcode: 0x22, operands: Operands.ModRm, register: 2, modRm: anyModRm, subject: Subject.None, name: "mov to cr2", instead: faultAddress },
  { map: Map.TwoByte, opcode: 0x22, operands: Operands.ModRm, register: 3, modRm: anyModRm, subject: Subject.None, name: "mov to cr3", instead: baseRegister },
  { map: Map.TwoByte, opcode: 0x22, operands: Operands.ModRm, register: 4, modRm: anyModRm, subject: Subject.None, name: "mov to cr4", instead: controlFour },
  { map: Map.TwoByte, opcode: 0x22, operands: Operands.ModRm, register: 15, modRm: anyModRm, subject: Subject.None, name: "mov to cr8", instead: taskPriority },
  { map: Map.TwoByte, opcode: 0x21, operands: Operands.ModRm, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "mov from a debug register", instead: debugRegisters },
  { map: Map.TwoByte, opcode: 0x23, operands: Operands.ModRm, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "mov to a debug register", instead: debugRegisters },
  { map: Map.TwoByte, opcode: 0x30, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Msr, name: "wrmsr", instead: registers },
  { map: Map.TwoByte, opcode: 0x32, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.Msr, name: "rdmsr", instead: registers },
  { map: Map.TwoByte, opcode: 0x33, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "rdpmc", instead: "HYPERVISOR_xenpmu_op" },
  { map: Map.TwoByte, opcode: 0x34, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "sysenter", instead: "an entry that CALLBACKTYPE_syscall registered" },
  { map: Map.TwoByte, opcode: 0x35, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "sysexit", instead: interruptReturn },
  { map: Map.TwoByte, opcode: 0x78, operands: Operands.ModRm, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "vmread", instead: "nothing: virtualization belongs to Xen" },
  { map: Map.TwoByte, opcode: 0x79, operands: Operands.ModRm, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "vmwrite", instead: "nothing: virtualization belongs to Xen" },
  { map: Map.TwoByte, opcode: 0xaa, operands: Operands.None, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "rsm", instead: "nothing: system management belongs to the firmware" },
  { map: Map.ThreeByte, opcode: 0x82, operands: Operands.ModRm, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "invpcid", instead: "MMUEXT_TLB_FLUSH_LOCAL, INVLPG_LOCAL; Xen uses process-context identifiers itself" },
  { map: Map.ThreeByte, opcode: 0x80, operands: Operands.ModRm, register: anyRegister, modRm: anyModRm, subject: Subject.None, name: "invept", instead: "nothing: virtualization belongs to Xen" },
];
