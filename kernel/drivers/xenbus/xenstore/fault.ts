/** Why xenstore did not do what it was asked: its own errors, which come as names (xs_wire.h, `xsd_errors`), and ours. */

export const enum XenstoreFault {
  // What xenstored says.
  EINVAL,
  EACCES,
  EEXIST,
  EISDIR,
  ENOENT,
  ENOMEM,
  ENOSPC,
  EIO,
  ENOTEMPTY,
  ENOSYS,
  EROFS,
  EBUSY,
  EAGAIN,
  EISCONN,
  E2BIG,
  EPERM,
  /** An error that xs_wire.h does not name. */
  Unnamed,
  // What this side says.
  /** The domain has no xenstore: it is the first one, or the toolstack gave it none. */
  Absent,
  /** The connection broke, or starts anew; what was asked may or may not have been done. */
  Disconnected,
  /** No answer until the deadline; what was asked may still be done. */
  TimedOut,
  /** More than `pathLimit`. */
  PathTooLong,
  /** Empty, with a byte that no path has, or with an empty component. */
  BadPath,
  /** More than `payloadLimit` bytes to send. */
  RequestTooLong,
  /** The caller's buffer does not hold the answer. */
  AnswerTooLong,
  /** The answer is none to what was asked, or not of the form that the protocol gives it. */
  BadAnswer,
  /** The value is no decimal number that fits. */
  NotANumber,
}

const names: FixedArray<string, 16> = [
  "EINVAL",
  "EACCES",
  "EEXIST",
  "EISDIR",
  "ENOENT",
  "ENOMEM",
  "ENOSPC",
  "EIO",
  "ENOTEMPTY",
  "ENOSYS",
  "EROFS",
  "EBUSY",
  "EAGAIN",
  "EISCONN",
  "E2BIG",
  "EPERM",
];

/** The fault that an error's payload names: text, with the terminator that C's xenstored sends. */
export function faultNamed(payload: Slice<u8>): XenstoreFault {
  const isTerminated = payload.length > 0 && payload[payload.length - 1] === 0;
  const name = isTerminated ? payload.slice(0, payload.length - 1) : payload;
  for (const [index, known] of names.entries()) {
    if (name.equals(known.bytes())) return index as u32 as XenstoreFault;
  }
  return XenstoreFault.Unnamed;
}

/** For people: "ENOENT, no such node". */
export function describeXenstoreFault(fault: XenstoreFault): string {
  switch (fault) {
    case XenstoreFault.EINVAL:
      return "EINVAL, invalid argument";
    case XenstoreFault.EACCES:
      return "EACCES, access denied";
    case XenstoreFault.EEXIST:
      return "EEXIST, exists already";
    case XenstoreFault.EISDIR:
      return "EISDIR, is a directory";
    case XenstoreFault.ENOENT:
      return "ENOENT, no such node";
    case XenstoreFault.ENOMEM:
      return "ENOMEM, xenstored is out of memory";
    case XenstoreFault.ENOSPC:
      return "ENOSPC, this domain's quota is used up";
    case XenstoreFault.EIO:
      return "EIO, xenstored's store is damaged";
    case XenstoreFault.ENOTEMPTY:
      return "ENOTEMPTY, has children";
    case XenstoreFault.ENOSYS:
      return "ENOSYS, not in this xenstored";
    case XenstoreFault.EROFS:
      return "EROFS, can only be read";
    case XenstoreFault.EBUSY:
      return "EBUSY, in use";
    case XenstoreFault.EAGAIN:
      return "EAGAIN, somebody else changed it meanwhile";
    case XenstoreFault.EISCONN:
      return "EISCONN, is connected already";
    case XenstoreFault.E2BIG:
      return "E2BIG, too large";
    case XenstoreFault.EPERM:
      return "EPERM, not permitted";
    case XenstoreFault.Unnamed:
      return "an error without a name here";
    case XenstoreFault.Absent:
      return "this domain has no xenstore";
    case XenstoreFault.Disconnected:
      return "the connection to xenstored broke";
    case XenstoreFault.TimedOut:
      return "xenstored did not answer in time";
    case XenstoreFault.PathTooLong:
      return "the path is longer than xenstore permits";
    case XenstoreFault.BadPath:
      return "not a path of xenstore";
    case XenstoreFault.RequestTooLong:
      return "more than 4096 bytes to send";
    case XenstoreFault.AnswerTooLong:
      return "the answer is longer than the room for it";
    case XenstoreFault.BadAnswer:
      return "xenstored's answer breaks the protocol";
    case XenstoreFault.NotANumber:
      return "the value is not a number that fits";
  }
}
