/**
 * The frames between the rig and its agent in dom0 (dom0/agent.py is the other side): u32 length of the payload, u8 type,
 * u32 channel, payload; little endian. The host chooses a channel number for each piece of work.
 */

/** Frame types; the first group goes to dom0, the second comes from it. */
export const FrameType = {
  /** Asks for a PONG with the same payload. */
  ping: 1,
  /** Starts a program; payload: its arguments, separated by zero bytes. */
  spawn: 2,
  /** Input for the program or file of this channel. */
  data: 3,
  /** No more input. */
  eof: 4,
  /** Ends the work of this channel; payload: u8 signal number. */
  kill: 5,
  /** Sends a file back; payload: path. */
  read: 6,
  /** Writes a file; payload: u32 mode (0: it must exist, and is not truncated), path. */
  write: 7,
  /** Sends a file and what is appended to it, until killed; payload: path, which may not exist yet. */
  follow: 8,
  pong: 32,
  stdout: 33,
  stderr: 34,
  /** The work of this channel is over; payload: u8 kind, u32 value, text. */
  end: 35,
} as const;

/** One message on the link. */
export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

/** How a piece of work ended: by an exit status, by a signal, or because the agent could not begin or finish it. */
export type WorkEnd =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "signal"; readonly signal: number }
  | { readonly kind: "error"; readonly errno: number; readonly text: string };

const headerSize = 9;
/** More than any honest frame: the agent's chunks are 64 KiB. */
const payloadLimit = 1 << 24;

/** The bytes of a frame. */
export function encodeFrame(type: number, channel: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const frame = Buffer.alloc(headerSize + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt8(type, 4);
  frame.writeUInt32LE(channel, 5);
  frame.set(payload, headerSize);
  return frame;
}

/** Cuts a byte stream into frames. */
export class FrameDecoder {
  #pending: Buffer = Buffer.alloc(0);

  /** The frames that are complete with `bytes`. Throws when the stream cannot be one of frames. */
  push(bytes: Buffer): Frame[] {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const frames: Frame[] = [];
    while (this.#pending.length >= headerSize) {
      const length = this.#pending.readUInt32LE(0);
      if (length > payloadLimit)
        throw new Error(`a frame of ${length} bytes: the link to dom0 is out of step`);
      if (this.#pending.length < headerSize + length) break;
      frames.push({
        type: this.#pending.readUInt8(4),
        channel: this.#pending.readUInt32LE(5),
        payload: this.#pending.subarray(headerSize, headerSize + length),
      });
      this.#pending = this.#pending.subarray(headerSize + length);
    }
    return frames;
  }
}

/** Reads the payload of an end frame. */
export function decodeEnd(payload: Buffer): WorkEnd {
  const value = payload.readUInt32LE(1);
  if (payload[0] === 0) return { kind: "status", status: value };
  if (payload[0] === 1) return { kind: "signal", signal: value };
  return { kind: "error", errno: value, text: payload.toString("utf8", 5) };
}
