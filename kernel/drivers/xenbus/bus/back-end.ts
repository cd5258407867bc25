/** The other end of a device: where its directory is, and what that says. Nothing of it is believed unseen. */
import { TextBuffer } from "../../../lib/text-buffer.ts";
import { domIdNumber, domIdZero, toDomId, type DomId } from "../../../xen-abi/domain.ts";
import { XenbusState } from "../../../xen-abi/xenbus.ts";
import { XenstoreFault } from "../xenstore/fault.ts";
import { xenstore } from "../xenstore/store.ts";
import { Watch } from "../xenstore/watch.ts";
import type { NumberNode } from "./number-node.ts";

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

  isKnown(): boolean {
    return this.length > 0;
  }

  /** Whether it is where this says. */
  isAt(path: Slice<u8>, domain: u64): boolean {
    return this.isKnown() && this.path().equals(path) && domIdNumber(this.domain) === domain;
  }

  /** From now on the back end is there: what `isBackEndPath` holds of. */
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
   * Reads its state, by `node`, and whether the toolstack wants it. A node that is missing is `Unknown`; an error where it
   * holds anything but a state, and then the back end counts as closing. @blocks
   */
  look(node: NumberNode): Result<undefined, XenstoreFault> {
    if (!this.isKnown()) return ok();
    const state = node.read(`${text(this.statePath.text())}`, 0, XenbusState.Reconfigured);
    if (!state.ok) return this.misread(state.error);
    this.state = state.value as u32 as XenbusState;
    const online = xenstore.readNumber(`${text(this.path())}/online`);
    this.isOnline = online.ok && online.value === 1;
    return ok();
  }

  /** Whether its state is still what `look` has found. @blocks */
  isAsFound(): boolean {
    const state = xenstore.readNumber(`${text(this.statePath.text())}`);
    return state.ok && state.value === this.state;
  }

  misread(fault: XenstoreFault): Result<undefined, XenstoreFault> {
    if (fault === XenstoreFault.Disconnected) return ok(); // the watch tells when it can be read again
    if (isMissing(fault)) {
      this.state = XenbusState.Unknown;
      return ok();
    }
    this.state = XenbusState.Closing; // it may use the rings yet
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
