/** A message to xenstored, put together in one place and sent from there, in as many pieces as the ring has room for. */
import { format, type ByteSink } from "../../../lib/format.ts";
import { payloadLimit, type MessageType } from "../../../xen-abi/xs-wire.ts";
import { XenstoreFault } from "./fault.ts";
import { judgePath } from "./path.ts";

/** sizeOf<MessageHeader>() */
export const headerBytes = 16;

@struct
export class OutgoingMessage implements ByteSink {
  /** `headerBytes` and `payloadLimit`. */
  readonly bytes = new FixedArray<u8, 4112>();
  length: usize = 0;
  /** How much of it is on its way. */
  sent: usize = 0;
  /** Why it cannot be sent; looked at by `judge`. */
  fault: XenstoreFault = XenstoreFault.EINVAL;
  isFaulty: boolean = false;

  begin(type: MessageType, transaction: u32): void {
    this.bytes.writeU32le(0, type);
    this.bytes.writeU32le(8, transaction);
    this.length = headerBytes;
    this.sent = 0;
    this.isFaulty = false;
  }

  /** A path and the zero after it. */
  addPath(path: Template): void {
    const start = this.length;
    this.addRest(path);
    if (this.isFaulty) {
      this.fault = XenstoreFault.PathTooLong;
      return;
    }
    const judged = judgePath(this.bytes.slice(start, this.length));
    if (!judged.ok) this.refuse(judged.error);
    this.endText();
  }

  /** Text and the zero after it. */
  addText(value: Template): void {
    this.addRest(value);
    this.endText();
  }

  /** Bytes up to the end of the message. */
  addRest(value: Template): void {
    format(this, value);
  }

  /** Whether the message can be sent. */
  judge(): Result<undefined, XenstoreFault> {
    return this.isFaulty ? err(this.fault) : ok();
  }

  /** Completes the header. */
  finish(request: u32): void {
    this.bytes.writeU32le(4, request);
    this.bytes.writeU32le(12, (this.length - headerBytes) as u32);
  }

  /** What is to be sent yet. */
  unsent(): Slice<u8> {
    return this.bytes.slice(this.sent, this.length);
  }

  /** What is formatted goes to the end of the message. */
  write(bytes: Slice<u8>): void {
    const room = this.bytes.slice(this.length);
    if (bytes.length > room.length) {
      this.refuse(XenstoreFault.RequestTooLong);
      return;
    }
    room.copyFrom(bytes);
    this.length += bytes.length;
  }

  endText(): void {
    this.write("\0".bytes());
  }

  /** The first fault counts. */
  refuse(fault: XenstoreFault): void {
    if (!this.isFaulty) this.fault = fault;
    this.isFaulty = true;
  }
}

/** A message from xenstored, put together from whatever pieces the ring gives. */
@struct
export class IncomingMessage {
  /** `headerBytes` and `payloadLimit`. */
  readonly bytes = new FixedArray<u8, 4112>();
  length: usize = 0;

  /** Where the bytes go that come next: up to the end of the header, then up to the end of the payload. */
  room(): Slice<u8> {
    if (this.length < headerBytes) return this.bytes.slice(this.length, headerBytes);
    return this.bytes.slice(this.length, headerBytes + this.payloadLength());
  }

  /** `count` bytes of `room` have been filled. An error where the header claims a payload that no message has. */
  filled(count: usize): Result<undefined> {
    this.length += count;
    if (this.length >= headerBytes && this.payloadLength() > payloadLimit)
      return err("a message has more than 4096 bytes");
    return ok();
  }

  isComplete(): boolean {
    return this.length >= headerBytes && this.length === headerBytes + this.payloadLength();
  }

  /** Makes room for the next one. */
  clear(): void {
    this.length = 0;
  }

  type(): u32 {
    return this.bytes.readU32le(0);
  }

  request(): u32 {
    return this.bytes.readU32le(4);
  }

  payloadLength(): usize {
    return this.bytes.readU32le(12);
  }

  payload(): Slice<u8> {
    return this.bytes.slice(headerBytes, headerBytes + this.payloadLength());
  }
}
