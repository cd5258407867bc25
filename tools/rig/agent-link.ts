/** The host's end of the link to the agent in dom0: many pieces of work at once over one virtio-serial port. */
import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeEnd, encodeFrame, FrameDecoder, FrameType, type Frame, type WorkEnd } from "./frame.ts";
import { EnvironmentError } from "./verdict.ts";

const SIGKILL = 9;
/** Input is cut into frames of this size, so that several pieces of work get their turn. */
const chunkSize = 65536;

/** What is called while a piece of work goes on. */
export interface WorkListener {
  onStdout?(bytes: Buffer): void;
  onStderr?(bytes: Buffer): void;
}

/** A program that runs or a file that is moved in dom0. */
export interface Work {
  /** Settles when it is over; rejects with an EnvironmentError when the rig ends before it. */
  readonly end: Promise<WorkEnd>;
  /** Sends input. */
  write(bytes: Uint8Array): void;
  /** Says that no more input comes. */
  finish(): void;
  /** Sends a signal to the program and its children, or stops following or writing the file. */
  kill(signal?: number): void;
}

interface Pending extends WorkListener {
  resolve(end: WorkEnd): void;
  reject(error: Error): void;
}

/** The link. Create it with {@link AgentLink.connect}. */
export class AgentLink {
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  readonly #work = new Map<number, Pending>();
  readonly #pongs = new Map<number, () => void>();
  #nextChannel = 1;
  #broken: Error | undefined;

  /** Connects to the port's socket. The agent need not be there yet: see {@link waitUntilReady}. */
  static async connect(path: string): Promise<AgentLink> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new AgentLink(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    // Frames of a former session may still be under way: channel numbers of this one must not meet theirs.
    this.#nextChannel = 1 + Math.floor(Math.random() * 0x3fffffff);
    socket.on("data", (bytes: Buffer) => this.#receive(bytes));
    socket.on("error", () => socket.destroy());
    // Whoever watches the machine knows better why, but may see it a moment later.
    socket.on("close", () => setTimeout(() => this.abort(closed()), 2000).unref());
  }

  /** Waits until the agent answers and everything sent before has been answered too. */
  async waitUntilReady(signal: AbortSignal): Promise<void> {
    // The first ping may find no agent, or one that is busy starting; the last one's answer follows all others.
    while (!(await this.ping(500))) {
      signal.throwIfAborted();
      if (this.#broken) throw this.#broken;
    }
    while (!(await this.ping(5000))) signal.throwIfAborted();
  }

  /** Whether the agent answers within `timeoutMs`. */
  async ping(timeoutMs: number): Promise<boolean> {
    const channel = this.#nextChannel++;
    const timer = new AbortController();
    const answered = new Promise<boolean>((resolve) => this.#pongs.set(channel, () => resolve(true)));
    this.#send(FrameType.ping, channel);
    const timedOut = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => false);
    const result = await Promise.race([answered, timedOut]);
    timer.abort();
    this.#pongs.delete(channel);
    return result;
  }

  /** Starts a program by its arguments, the first of which is looked up in dom0's PATH. */
  spawn(args: readonly string[], listener: WorkListener = {}): Work {
    return this.#begin(FrameType.spawn, Buffer.from(args.join("\0")), listener);
  }

  /** Sends back what the file has. */
  readFile(path: string, listener: WorkListener): Work {
    return this.#begin(FrameType.read, Buffer.from(path), listener);
  }

  /** Writes a file, or with mode 0 an existing file or terminal, with what is written to the returned work. */
  writeFile(path: string, mode: number): Work {
    const payload = Buffer.concat([Buffer.alloc(4), Buffer.from(path)]);
    payload.writeUInt32LE(mode);
    return this.#begin(FrameType.write, payload, {});
  }

  /** Sends back what a file has and gets, until it is killed. */
  follow(path: string, listener: WorkListener): Work {
    return this.#begin(FrameType.follow, Buffer.from(path), listener);
  }

  /** Fails all work with `error`, now and later, and closes the link. */
  abort(error: Error): void {
    if (this.#broken) return;
    this.#broken = error;
    this.#socket.destroy();
    for (const pending of this.#work.values()) pending.reject(error);
    this.#work.clear();
  }

  #begin(type: number, payload: Uint8Array, listener: WorkListener): Work {
    const channel = this.#nextChannel++;
    const end = new Promise<WorkEnd>((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#work.set(channel, { ...bound(listener), resolve, reject });
      this.#send(type, channel, payload);
    });
    // Work whose end nobody awaits (a followed log) must not bring the process down when the rig stops.
    end.catch(() => {});
    return {
      end,
      write: (bytes) => {
        for (let at = 0; at < bytes.length; at += chunkSize) {
          this.#send(FrameType.data, channel, bytes.subarray(at, at + chunkSize));
        }
      },
      finish: () => this.#send(FrameType.eof, channel),
      kill: (signal = SIGKILL) => this.#send(FrameType.kill, channel, Uint8Array.of(signal)),
    };
  }

  #send(type: number, channel: number, payload?: Uint8Array): void {
    if (!this.#broken) this.#socket.write(encodeFrame(type, channel, payload));
  }

  #receive(bytes: Buffer): void {
    try {
      this.#decoder.push(bytes).forEach((frame) => this.#dispatch(frame));
    } catch (error) {
      this.abort(
        new EnvironmentError(String(error), "run `npm run rig -- rebuild`; if it stays, report it", {
          cause: error,
        }),
      );
    }
  }

  #dispatch({ type, channel, payload }: Frame): void {
    if (type === FrameType.pong) return this.#pongs.get(channel)?.();
    const pending = this.#work.get(channel);
    if (!pending) return;
    if (type === FrameType.stdout) pending.onStdout?.(payload);
    if (type === FrameType.stderr) pending.onStderr?.(payload);
    if (type === FrameType.end) {
      this.#work.delete(channel);
      pending.resolve(decodeEnd(payload));
    }
  }
}

function closed(): EnvironmentError {
  return new EnvironmentError(
    "the link to dom0 was closed",
    "start the rig again; if that fails, `npm run rig -- rebuild`",
  );
}

/** The listener's functions as plain properties, so that objects with methods on a prototype work too. */
function bound(listener: WorkListener): WorkListener {
  return {
    onStdout: (bytes) => listener.onStdout?.(bytes),
    onStderr: (bytes) => listener.onStderr?.(bytes),
  };
}
