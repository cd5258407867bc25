/** Why memory could not be had, or mapped. */
export const enum MemoryFault {
  /** Every frame that the domain has is in use. */
  OutOfMemory,
  /** The range has a mapping already, which stays. */
  AlreadyMapped,
  /** More than the allocator gives in one piece. */
  TooLarge,
  /** The frame is granted to a peer, who may still write to it. */
  StillGranted,
  /** No slot left in the region of addresses. */
  OutOfAddresses,
  /** What is given back was not given out: given back twice, or never had. */
  NotAllocated,
}

export function describeMemoryFault(fault: MemoryFault): string {
  switch (fault) {
    case MemoryFault.OutOfMemory:
      return "out of memory: every frame of the domain is in use";
    case MemoryFault.AlreadyMapped:
      return "something is mapped there already";
    case MemoryFault.TooLarge:
      return "more than is given in one piece";
    case MemoryFault.StillGranted:
      return "the frame is granted to a peer; end the grant first";
    case MemoryFault.OutOfAddresses:
      return "the region has no addresses left";
    case MemoryFault.NotAllocated:
      return "given back, but not given out: twice, or never";
  }
}
