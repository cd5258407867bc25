/** Whose memory is it? Every allocation names its owner, so that a report can say who holds what. */

export const enum Owner {
  /** Nobody: the memory is free. */
  Free,
  /** What the builder put there: the kernel, its start-up module, the p2m list, start_info, its rings. */
  Boot,
  PageTables,
  /** What is known of the frames themselves. */
  FrameRecords,
  P2m,
  /** The heap's own pages, whoever has the pieces. */
  Heap,
  Pools,
  Stacks,
  Tasks,
  Events,
  Timers,
  /** What the kernel notes of the references of its grant table. */
  Grants,
  Xenstore,
  Console,
  Network,
  Block,
  Files,
  Shell,
  Tests,
}

export const ownerCount = 19;

export function ownerName(owner: Owner): string {
  switch (owner) {
    case Owner.Free:
      return "free";
    case Owner.Boot:
      return "boot";
    case Owner.PageTables:
      return "page tables";
    case Owner.FrameRecords:
      return "frame records";
    case Owner.P2m:
      return "p2m tree";
    case Owner.Heap:
      return "heap";
    case Owner.Pools:
      return "pools";
    case Owner.Stacks:
      return "stacks";
    case Owner.Tasks:
      return "tasks";
    case Owner.Events:
      return "events";
    case Owner.Timers:
      return "timers";
    case Owner.Grants:
      return "grants";
    case Owner.Xenstore:
      return "xenstore";
    case Owner.Console:
      return "console";
    case Owner.Network:
      return "network";
    case Owner.Block:
      return "block";
    case Owner.Files:
      return "files";
    case Owner.Shell:
      return "shell";
    case Owner.Tests:
      return "tests";
  }
}
