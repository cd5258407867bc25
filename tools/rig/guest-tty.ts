/** Types on a guest's console: writes to the pty that xenconsoled made for it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Work } from "./agent-link.ts";
import type { GuestHost } from "./guest-host.ts";

/** The input side of a console. The pty is opened at the first use. */
export class GuestTty {
  readonly #host: GuestHost;
  readonly #domainId: Promise<number | undefined>;
  #work: Promise<Work> | undefined;
  #closed = false;

  /** `domainId` settles when the domain is built; what is typed before waits for that. */
  constructor(host: GuestHost, domainId: Promise<number | undefined>) {
    this.#host = host;
    this.#domainId = domainId;
  }

  /** Types. What the guest does not take waits in dom0; what is typed to one that has gone is lost. */
  write(bytes: Uint8Array): void {
    this.#work ??= this.#open();
    void this.#work.then(
      (work) => work.write(bytes),
      () => {},
    );
  }

  /** Drops what still waits. */
  close(): void {
    this.#closed = true;
    void this.#work?.then(
      (work) => work.kill(),
      () => {},
    );
  }

  async #open(): Promise<Work> {
    const node = `/local/domain/${await this.#domainId}/console/tty`;
    while (!this.#closed) {
      const result = await this.#host.exec(["xenstore-read", node]);
      if (result.status === 0) return this.#host.link.writeFile(result.stdout.trim(), 0);
      // xenconsoled writes the node when it has noticed the domain.
      await sleep(50);
    }
    throw new Error("the guest ended before its console could be opened");
  }
}
