/** Connects a guest's console to the terminal of this process. */
import type { Readable, Writable } from "node:stream";

/** The far end of the connection. */
export interface ConsoleEndpoint {
  /** Takes what the user types. */
  write(bytes: Uint8Array): void;
  /** Settles when there is nothing to be connected to any more. */
  readonly ended: Promise<unknown>;
}

/** The near end: standard input, which may be no terminal. */
export type TerminalInput = Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown };

/** Ctrl-], as in `xl console` and telnet. */
const leaveKey = 0x1d;

/**
 * Passes typed bytes to `endpoint` until it ends or, on a terminal, until the user leaves with Ctrl-]. Returns which of
 * both it was. The terminal is raw meanwhile: Ctrl-C and the like are the guest's.
 */
export async function attachTerminal(
  endpoint: ConsoleEndpoint,
  input: TerminalInput = process.stdin,
): Promise<"left" | "ended"> {
  const interactive = input.isTTY === true;
  let leave = (): void => {};
  const left = new Promise<"left">((resolve) => (leave = () => resolve("left")));
  const onData = (bytes: Buffer): void => {
    const key = interactive ? bytes.indexOf(leaveKey) : -1;
    const typed = key < 0 ? bytes : bytes.subarray(0, key);
    if (typed.length > 0) endpoint.write(typed);
    if (key >= 0) leave();
  };
  if (interactive) input.setRawMode?.(true);
  input.on("data", onData);
  try {
    return await Promise.race([left, endpoint.ended.then(() => "ended" as const)]);
  } finally {
    input.off("data", onData);
    input.pause();
    if (interactive) input.setRawMode?.(false);
  }
}

/** Says on `stream` what was started and how to leave it; nothing when nobody is there to read it. */
export function announce(what: string, stream: Writable & { isTTY?: boolean } = process.stderr): void {
  stream.write(process.stdin.isTTY ? `${what} Ctrl-] leaves.\n` : `${what}\n`);
}
