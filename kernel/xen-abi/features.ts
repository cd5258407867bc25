/** features.h: what Xen offers this guest, as bit numbers of submap 0. */

/** `XENFEAT_*`, as bits. */
export const enum Feature {
  WritablePageTables = 1 << 0,
  WritableDescriptorTables = 1 << 1,
  AutoTranslatedPhysmap = 1 << 2,
  SupervisorModeKernel = 1 << 3,
  PaePgdirAbove4Gb = 1 << 4,
  MmuPtUpdatePreserveAd = 1 << 5,
  HighmemAssist = 1 << 6,
  GnttabMapAvailBits = 1 << 7,
  HvmCallbackVector = 1 << 8,
  HvmSafePvclock = 1 << 9,
  HvmPirqs = 1 << 10,
  Dom0 = 1 << 11,
  MemoryOpVnodeSupported = 1 << 13,
  ArmSmcccSupported = 1 << 14,
  LinuxRsdpUnrestricted = 1 << 15,
  NotDirectMapped = 1 << 16,
  DirectMapped = 1 << 17,
}

export type Features = Flags<Feature, u32>;
