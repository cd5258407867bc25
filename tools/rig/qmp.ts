/** A client for QEMU's machine protocol, as far as the rig uses it (docs/interop/qmp-spec of QEMU). */
import { createConnection, type Socket } from "node:net";

type Answer = { return: Record<string, unknown> } | { error: { class: string; desc: string } };

/** A connection to one QEMU's monitor. Commands are answered in order. */
export class QmpClient {
  readonly #socket: Socket;
  readonly #waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  #closed: Error | undefined;
  #rest = "";

  /** Connects and leaves the negotiation mode. */
  static async connect(path: string): Promise<QmpClient> {
    const socket = createConnection(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const client = new QmpClient(socket);
    await client.execute("qmp_capabilities");
    return client;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("QEMU closed its monitor")));
  }

  /** Executes one command; rejects with QEMU's description of an error. */
  async execute(command: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      this.#waiting.push({ resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
    if ("error" in answer) throw new Error(`QEMU refused ${command}: ${answer.error.desc}`);
    return answer.return;
  }

  /** Closes the connection. */
  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line) as Answer | { event: string } | { QMP: unknown };
      // The greeting and events are not answers.
      if ("return" in message || "error" in message) this.#waiting.shift()?.resolve(message);
    }
  }

  #fail(error: Error): void {
    this.#closed ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }
}
