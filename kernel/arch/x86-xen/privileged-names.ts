/** Ports and model-specific registers that an operating system for bare machines uses, and what a guest has in their place. */

/** What a guest does instead of using the port. */
export function replacementOfPort(port: u32): string {
  switch (port) {
    case 0x20:
    case 0x21:
    case 0xa0:
    case 0xa1:
      return "the interrupt controller: event channels (EVTCHNOP_bind_pirq, bind_virq, unmask)";
    case 0x40:
    case 0x41:
    case 0x42:
    case 0x43:
      return "the interval timer: VCPUOP_set_singleshot_timer and VIRQ_TIMER";
    case 0x60:
    case 0x64:
      return "the keyboard controller: the console ring, or kbdfront";
    case 0x70:
    case 0x71:
      return "the clock: wc_sec and wc_nsec of shared_info";
    case 0x80:
    case 0xed:
      return "a delay: the system time of vcpu_info.time, or SCHEDOP_yield";
    case 0xcf8:
    case 0xcfc:
      return "PCI configuration: pcifront; for the first domain PHYSDEVOP_*";
    default:
      if (port >= 0x2f8 && port <= 0x2ff) return "a serial port: the console ring";
      if (port >= 0x3f8 && port <= 0x3ff)
        return "a serial port: the console ring (console_io for the first domain)";
      if (port >= 0x3b0 && port <= 0x3df) return "the screen: the console ring, or fbfront";
      if (port >= 0x1f0 && port <= 0x1f7) return "a disk: blkfront";
      return "nothing: a guest has no ports of its own; its devices are rings";
  }
}

/** The register's name in the SDM. */
export function nameOfMsr(index: u32): string {
  switch (index) {
    case 0x10:
      return "IA32_TIME_STAMP_COUNTER";
    case 0x1b:
      return "IA32_APIC_BASE";
    case 0x277:
      return "IA32_PAT";
    case 0xc0000080:
      return "EFER";
    case 0xc0000081:
      return "STAR";
    case 0xc0000082:
      return "LSTAR";
    case 0xc0000083:
      return "CSTAR";
    case 0xc0000084:
      return "SFMASK";
    case 0xc0000100:
      return "FS_BASE";
    case 0xc0000101:
      return "GS_BASE";
    case 0xc0000102:
      return "KERNEL_GS_BASE";
    default:
      return "a model-specific register";
  }
}

/** What a guest does instead of writing the register. */
export function replacementOfMsr(index: u32): string {
  switch (index) {
    case 0x10:
      return "vcpu_info.time: the counter's value at a known system time, and its rate";
    case 0x1b:
      return "nothing: event channels take the place of the local APIC";
    case 0x277:
      return "nothing: Xen's page-attribute table holds for every guest; use its entries";
    case 0xc0000080:
      return "nothing: system calls, long mode and no-execute are on";
    case 0xc0000081:
    case 0xc0000082:
    case 0xc0000083:
      return "CALLBACKOP_register with CALLBACKTYPE_syscall (64 bit) or CALLBACKTYPE_syscall32";
    case 0xc0000084:
      return "CALLBACKF_mask_events with the system-call entry";
    case 0xc0000100:
      return "HYPERVISOR_set_segment_base(SEGBASE_FS)";
    case 0xc0000101:
      return "HYPERVISOR_set_segment_base(SEGBASE_GS_KERNEL)";
    case 0xc0000102:
      return "HYPERVISOR_set_segment_base(SEGBASE_GS_USER)";
    default:
      return "nothing that this kernel knows: Xen keeps the register, or emulates it";
  }
}
