/** io/xs_wire.h: what is said to xenstored, and the page with the two rings through which it is said. */

/** `enum xsd_sockmsg_type`: those that a guest uses. A reply has the type of its request, or `Error`. */
export const enum MessageType {
  Directory = 1,
  Read = 2,
  GetPermissions = 3,
  Watch = 4,
  Unwatch = 5,
  TransactionStart = 6,
  TransactionEnd = 7,
  GetDomainPath = 10,
  Write = 11,
  MakeDirectory = 12,
  Remove = 13,
  SetPermissions = 14,
  WatchEvent = 15,
  Error = 16,
  ResetWatches = 21,
  DirectoryPart = 22,
}

/** `XENSTORE_PAYLOAD_MAX`: bytes that may follow a header. "Violating this is very bad": the connection ends. */
export const payloadLimit = 4096;
/**
 * `XENSTORE_REL_PATH_MAX`: the longest path below a domain's directory, which does not count, or elsewhere; without a
 * terminator. "Violating these just gets you an error back": C's xenstored refuses longer ones (EINVAL) whatever
 * `XENSTORE_ABS_PATH_MAX` says, and oxenstored, unless told otherwise, more than 1024 bytes.
 */
export const pathLimit = 2048;
/** `XENSTORE_RING_SIZE`. */
export const storeRingBytes = 1024;

/**
 * What stands before every payload.
 * @xen xsd_sockmsg io/xs_wire.h
 */
@struct({ size: 16 })
export class MessageHeader {
  /** A `MessageType`. */
  @offset(0) type: u32 = 0;
  /** Chosen by whoever asks; the reply has the same. 0 in watch events. @xen req_id */
  @offset(4) request: u32 = 0;
  /** The transaction; 0 for none. @xen tx_id */
  @offset(8) transaction: u32 = 0;
  /** Bytes that follow. @xen len */
  @offset(12) length: u32 = 0;
}

/**
 * Two byte rings. Indices only grow, and are masked when they are used; the producer owns `*Prod`, the consumer `*Cons`.
 * @xen xenstore_domain_interface io/xs_wire.h
 */
@struct({ size: 2076 })
export class StoreInterface {
  /** Towards xenstored. @xen req */
  @offset(0) readonly requests = new FixedArray<u8, 1024>();
  /** Replies and watch events. @xen rsp */
  @offset(1024) readonly replies = new FixedArray<u8, 1024>();
  @offset(2048) reqCons: u32 = 0;
  @offset(2052) reqProd: u32 = 0;
  @offset(2056) rspCons: u32 = 0;
  @offset(2060) rspProd: u32 = 0;
  @offset(2064) serverFeatures: Flags<ServerFeature, u32> = 0;
  /** A `ConnectionState`. */
  @offset(2068) connection: u32 = 0;
  /** A `ConnectionError`: why xenstored does not read this ring any more. */
  @offset(2072) error: u32 = 0;
}

/** `XENSTORE_SERVER_FEATURE_*`. */
export const enum ServerFeature {
  /** The guest may ask for both rings to start anew. */
  Reconnection = 1,
  /** `error` means something. */
  Error = 2,
}

/** `XENSTORE_CONNECTED`, and `XENSTORE_RECONNECT` while the guest asks for a new start. */
export const enum ConnectionState {
  Connected = 0,
  Reconnect = 1,
}

/** `XENSTORE_ERROR_*`. */
export const enum ConnectionError {
  None = 0,
  Communication = 1,
  RingIndex = 2,
  Protocol = 3,
}
