/** Why a page cannot be granted. */
export const enum GrantFault {
  /** Every reference is in use, and Xen lets the table grow no further. */
  OutOfReferences,
  /** The table could grow, but there is no memory for what belongs to it. */
  OutOfMemory,
  /** Xen does not give the domain a table. */
  NoTable,
  /** The frame allocator has not given this frame out. */
  NotAllocated,
  /** An entry of version 1 has no room for the number of the machine frame, which lies beyond 16 TiB. */
  FrameTooHigh,
  /** No frame of ours can make way for a page that is to come. */
  NoPlace,
}

export function describeGrantFault(fault: GrantFault): string {
  switch (fault) {
    case GrantFault.OutOfReferences:
      return "every grant reference is in use; max_grant_frames= of the domain allows more";
    case GrantFault.OutOfMemory:
      return "out of memory for a larger grant table";
    case GrantFault.NoTable:
      return "Xen gives no grant table";
    case GrantFault.NotAllocated:
      return "only what the frame allocator gave out can be granted";
    case GrantFault.FrameTooHigh:
      return "the machine frame is too high for version 1; try grants=v2";
    case GrantFault.NoPlace:
      return "every frame of the domain is in use: none can make way for another one";
  }
}
