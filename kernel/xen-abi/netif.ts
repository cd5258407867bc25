/** io/netif.h: network devices. What the two rings between a device's ends carry. */
import { noGrantRef, type GrantRef } from "./grant-table.ts";

/** @xenConstants NETTXF_ io/netif.h */
export const enum NetTxFlag {
  CsumBlank = 1,
  DataValidated = 2,
  MoreData = 4,
  ExtraInfo = 8,
}

/** @xenConstants NETRXF_ io/netif.h */
export const enum NetRxFlag {
  DataValidated = 1,
  CsumBlank = 2,
  MoreData = 4,
  ExtraInfo = 8,
  GsoPrefix = 16,
}

/**
 * What became of a request. A response to a receive request that went well has the number of bytes instead.
 * @xenConstants NETIF_RSP_ io/netif.h
 */
export const enum NetifRsp {
  Dropped = -2,
  Error = -1,
  Okay = 0,
  Null = 1,
}

/** What a slot says that is no part of the frame. @xenConstants XEN_NETIF_EXTRA_TYPE_ io/netif.h */
export const enum NetifExtraType {
  None = 0,
  Gso = 1,
  McastAdd = 2,
  McastDel = 3,
  Hash = 4,
  Max = 5,
}

/** `XEN_NETIF_EXTRA_FLAG_MORE`: another such slot follows. */
export const extraFlagMore = 1;

/** The slots of one frame that every back end takes (`XEN_NETIF_NR_SLOTS_MIN`). */
export const mostFrameSlots = 18;
/** `XEN_NETIF_MAX_TX_SIZE`. */
export const longestFrame = 65535;

/** A piece of a frame to be sent. @xen netif_tx_request io/netif.h */
@struct({ size: 12 })
export class NetTxRequest {
  @offset(0) gref: GrantRef = noGrantRef;
  /** Where in the page it begins. */
  @offset(4) offset: u16 = 0;
  /** Of `NetTxFlag`. */
  @offset(6) flags: u16 = 0;
  @offset(8) id: u16 = 0;
  /** Of the first piece: bytes of the whole frame. */
  @offset(10) size: u16 = 0;
}

/** @xen netif_tx_response io/netif.h */
@struct({ size: 4 })
export class NetTxResponse {
  @offset(0) id: u16 = 0;
  /** A `NetifRsp`. */
  @offset(2) status: i16 = 0;
}

/** A page to receive into. @xen netif_rx_request io/netif.h */
@struct({ size: 8 })
export class NetRxRequest {
  @offset(0) id: u16 = 0;
  @offset(2) pad: u16 = 0;
  @offset(4) gref: GrantRef = noGrantRef;
}

/** A piece of a received frame. @xen netif_rx_response io/netif.h */
@struct({ size: 8 })
export class NetRxResponse {
  @offset(0) id: u16 = 0;
  @offset(2) offset: u16 = 0;
  /** Of `NetRxFlag`. */
  @offset(4) flags: u16 = 0;
  /** Bytes of the piece, or a `NetifRsp` below 0. */
  @offset(6) status: i16 = 0;
}
