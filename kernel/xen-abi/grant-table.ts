/** grant_table.h: pages that a domain lets another one reach, and what that one does with them. */
import { noMfn, noVirtAddr, type Mfn, type VirtAddr } from "./addresses.ts";
import { domIdSelf, domIdZero, type DomId } from "./domain.ts";

/** A grant's number in the table of the domain that gives it; what the peer is told. */
export type GrantRef = Nominal<u32, "GrantRef">;
/** Xen's name for a mapping of a foreign grant. */
export type GrantHandle = Nominal<u32, "GrantHandle">;

/** What a field holds before it is filled: a reserved reference, and no handle. */
export const noGrantRef: GrantRef = 0 as GrantRef;
export const noGrantHandle: GrantHandle = 0xffffffff as GrantHandle;

export function toGrantRef(number: u32): GrantRef {
  return number as GrantRef;
}

export function grantRefNumber(ref: GrantRef): u32 {
  return ref as u32;
}

/** `GNTTAB_NR_RESERVED_ENTRIES`: the first ones are the toolstack's (console, xenstore), whatever the version. */
export const reservedGrants = 8;

/** What a call of `grant_table_op` wants. @xenConstants GNTTABOP_ grant_table.h */
export const enum GrantOp {
  MapGrantRef = 0,
  UnmapGrantRef = 1,
  SetupTable = 2,
  Transfer = 4,
  Copy = 5,
  QuerySize = 6,
  SetVersion = 8,
  GetStatusFrames = 9,
}

/** What an entry is, and what its peer does with it: its flags. @xenConstants GTF_ grant_table.h */
export const enum GrantFlag {
  PermitAccess = 1,
  /** The peer may not write. */
  Readonly = 4,
  /** Xen: the peer has it mapped, or copies. In version 2 these two are in the status word. */
  Reading = 8,
  Writing = 16,
}

/** The same of an entry that accepts a page: what its peer has done so far. @xenConstants GTF_ grant_table.h */
export const enum TransferFlag {
  AcceptTransfer = 2,
  /** Xen: it is too late to take the offer back. */
  TransferCommitted = 4,
  /** Xen: the number of the frame that came stands in the entry. */
  TransferCompleted = 8,
}

/** How a foreign grant is mapped. @xenConstants GNTMAP_ grant_table.h */
export const enum GrantMapFlag {
  HostMap = 2,
  Readonly = 4,
}

/** Which sides of a copy are named by grants; a side that is not is a frame of ours. @xenConstants GNTCOPY_ grant_table.h */
export const enum GrantCopyFlag {
  SourceGref = 1,
  DestGref = 2,
}

/** What became of a request. @xenConstants GNTST_ grant_table.h */
export const enum GrantStatus {
  Okay = 0,
  GeneralError = -1,
  BadDomain = -2,
  BadGntref = -3,
  BadHandle = -4,
  BadVirtAddr = -5,
  BadDevAddr = -6,
  NoDeviceSpace = -7,
  PermissionDenied = -8,
  BadPage = -9,
  BadCopyArg = -10,
  AddressTooBig = -11,
  Eagain = -12,
  NoSpace = -13,
}

/** The status in words; Xen could answer with one that is not in the list. */
export function describeGrantStatus(status: GrantStatus): string {
  switch (status) {
    case GrantStatus.Okay:
      return "done";
    case GrantStatus.GeneralError:
      return "refused, for no particular reason";
    case GrantStatus.BadDomain:
      return "there is no such domain";
    case GrantStatus.BadGntref:
      return "no such grant, or not for this domain";
    case GrantStatus.BadHandle:
      return "no such mapping";
    case GrantStatus.BadVirtAddr:
      return "nothing can be mapped at that address";
    case GrantStatus.BadDevAddr:
      return "not the device address of that mapping";
    case GrantStatus.NoDeviceSpace:
      return "the I/O MMU is full";
    case GrantStatus.PermissionDenied:
      return "not permitted";
    case GrantStatus.BadPage:
      return "the granted page cannot be used";
    case GrantStatus.BadCopyArg:
      return "the copy crosses the end of a page";
    case GrantStatus.AddressTooBig:
      return "the page lies too high";
    case GrantStatus.Eagain:
      return "not now, try again";
    case GrantStatus.NoSpace:
      return "Xen cannot track more mappings";
    default:
      return "a status without a name here";
  }
}

/** @xen grant_entry_v1 grant_table.h */
@struct({ size: 8 })
export class GrantEntryV1 {
  /** `GrantFlag`s. */
  @offset(0) flags: u16 = 0;
  @offset(2) domid: DomId = domIdZero;
  @offset(4) frame: u32 = 0;
}

/** @xen grant_entry_header grant_table.h */
@struct({ size: 4 })
export class GrantEntryHeader {
  /** `GrantFlag`s, without those of the peer. */
  @offset(0) flags: u16 = 0;
  @offset(2) domid: DomId = domIdZero;
}

/** @xen none the anonymous `full_page` of union grant_entry_v2 */
@struct({ size: 16 })
export class GrantEntryV2 {
  @offset(0) readonly hdr = new GrantEntryHeader();
  @offset(4) pad0: u32 = 0;
  @offset(8) frame: u64 = 0;
}

/** @xen gnttab_setup_table grant_table.h */
@struct({ size: 24 })
export class GrantSetupTable {
  @offset(0) dom: DomId = domIdSelf;
  /** The table has at least so many pages then. */
  @offset(4) nrFrames: u32 = 0;
  @offset(8) status: i16 = 0;
  /** Address of a list of frame numbers, one for each page. */
  @offset(16) frameList: u64 = 0;
}

/** @xen gnttab_get_status_frames grant_table.h */
@struct({ size: 16 })
export class GrantStatusFrames {
  @offset(0) nrFrames: u32 = 0;
  @offset(4) dom: DomId = domIdSelf;
  @offset(6) status: i16 = 0;
  /** Address of a list of frame numbers. */
  @offset(8) frameList: u64 = 0;
}

/** @xen gnttab_query_size grant_table.h */
@struct({ size: 16 })
export class GrantQuerySize {
  @offset(0) dom: DomId = domIdSelf;
  @offset(4) nrFrames: u32 = 0;
  @offset(8) maxNrFrames: u32 = 0;
  @offset(12) status: i16 = 0;
}

/** @xen gnttab_set_version grant_table.h */
@struct({ size: 4 })
export class GrantSetVersion {
  @offset(0) version: u32 = 0;
}

/** A request that may be told to come again. */
export interface DelayedRequest {
  /** Whether Xen has to bring a page in first. */
  isDelayed(): boolean;
}

/** @xen gnttab_map_grant_ref grant_table.h */
@struct({ size: 32 })
export class GrantMap implements DelayedRequest {
  /** Where it shall be mapped. */
  @offset(0) hostAddr: VirtAddr = noVirtAddr;
  /** `GrantMapFlag`s. */
  @offset(8) flags: u32 = 0;
  @offset(12) ref: GrantRef = noGrantRef;
  /** Whose grant it is, by its true number: not DOMID_SELF. */
  @offset(16) dom: DomId = domIdZero;
  @offset(18) status: i16 = 0;
  @offset(20) handle: GrantHandle = noGrantHandle;
  @offset(24) devBusAddr: u64 = 0;

  isDelayed(): boolean {
    return this.status === GrantStatus.Eagain;
  }
}

/** @xen gnttab_unmap_grant_ref grant_table.h */
@struct({ size: 24 })
export class GrantUnmap {
  @offset(0) hostAddr: VirtAddr = noVirtAddr;
  @offset(8) devBusAddr: u64 = 0;
  @offset(16) handle: GrantHandle = noGrantHandle;
  @offset(20) status: i16 = 0;
}

/** @xen gnttab_transfer grant_table.h */
@struct({ size: 24 })
export class GrantTransfer {
  @offset(0) mfn: Mfn = noMfn;
  /** Who shall have it, by its true number, */
  @offset(8) domid: DomId = domIdZero;
  /** and which of its entries accepts it. */
  @offset(12) ref: GrantRef = noGrantRef;
  @offset(16) status: i16 = 0;
}

/** @xen none the anonymous `u` of gnttab_copy_ptr */
@union({ size: 8 })
export class GrantCopyPage {
  ref: GrantRef = noGrantRef;
  gmfn: Mfn = noMfn;
}

/** @xen gnttab_copy_ptr grant_table.h */
@struct({ size: 16 })
export class GrantCopySide {
  @offset(0) readonly u = new GrantCopyPage();
  @offset(8) domid: DomId = domIdSelf;
  @offset(10) offset: u16 = 0;
}

/** @xen gnttab_copy grant_table.h */
@struct({ size: 40 })
export class GrantCopy implements DelayedRequest {
  @offset(0) readonly source = new GrantCopySide();
  @offset(16) readonly dest = new GrantCopySide();
  @offset(32) len: u16 = 0;
  /** `GrantCopyFlag`s. */
  @offset(34) flags: u16 = 0;
  @offset(36) status: i16 = 0;

  isDelayed(): boolean {
    return this.status === GrantStatus.Eagain;
  }
}
