/** The other end of a device: where its directory is, and what that says. Nothing of it is believed unseen. */
import { TextBuffer } from "../../../lib/text-buffer.ts";
import { domIdNumber, domIdZero, toDomId, type DomId } from "../../../xen-abi/domain.ts";
import { toXenbusState, XenbusState } from "../../../xen-abi/xenbus.ts";
import { XenstoreFault } from "../xenstore/fault.ts";
import { xenstore } from "../xenstore/store.ts";
import { Watch } from "../xenstore/watch.ts";

@struct
export class BackEnd {
  /** The path of its node `state`, which the watch is on. */
  readonly statePath = new TextBuffer<128>();
  /** How much of that is the path of its directory; 0 where nobody knows it. */
  length: usize = 0;
  domain: DomId = domIdZero;
  state: XenbusState = XenbusState.Unknown;
  isOnline: boolean = false;
  readonly watch = new Watch();

  /** The path of its directory. */
  path(): Slice<u8> {
    return this.statePath.bytes.slice(0, this.length);
  }

  /** Whether it is where this says. */
  isAt(path: Slice<u8>, domain: u64): boolean {
    return this.length > 0 && this.path().equals(path) && domIdNumber(this.domain) === domain;
  }

  /** From now on the back end is there: a path that `judgeBackEndPath` found right. */
  moveTo(path: Slice<u8>, domain: u64): void {
    this.statePath.set(`${text(path)}/state`);
    this.length = path.length;
    this.domain = toDomId(checked<u16>(domain));
  }

  /** Nobody knows where it is. */
  forget(): void {
    this.length = 0;
    this.state = XenbusState.Unknown;
    this.isOnline = false;
  }

  /**
   * Reads its state, and whether the toolstack wants it. A node that is missing is `Unknown`; an error where it holds
   * anything but a state, and then the back end counts as closed. @blocks
   */
  look(): Result<undefined, XenstoreFault> {
    if (this.length === 0) return ok();
    const number = xenstore.readNumber(`${text(this.statePath.text())}`);
    if (!number.ok && isMissing(number.error)) {
      this.state = XenbusState.Unknown;
      return ok();
    }
    if (!number.ok) return this.misread(number.error);
    const state = toXenbusState(number.value);
    if (!state.ok) return this.misread(XenstoreFault.NotANumber);
    this.state = state.value;
    const online = xenstore.readNumber(`${text(this.path())}/online`);
    this.isOnline = online.ok && online.value === 1;
    return ok();
  }

  misread(fault: XenstoreFault): Result<undefined, XenstoreFault> {
    if (fault === XenstoreFault.Disconnected) return ok(); // the watch tells when it can be read again
    this.state = XenbusState.Closed;
    this.isOnline = false;
    return err(fault);
  }
}

/**
 * Whether there is no such node, as far as this domain may know: where the directory above is missing as well, and the one
 * above that is none of its business, xenstored says EACCES.
 */
export function isMissing(fault: XenstoreFault): boolean {
  return fault === XenstoreFault.ENOENT || fault === XenstoreFault.EACCES;
}
