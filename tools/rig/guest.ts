/** A domain created by the real `xl`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentLink, Work } from "./agent-link.ts";
import { GuestConsole } from "./console.ts";
import { readXlReport, type GuestEnd } from "./guest-end.ts";
import type { CommandOutcome } from "./dom0-command.ts";
import { EnvironmentError, GuestFailure, quoteTail } from "./verdict.ts";
import { xlConfig, type XlValue } from "./xl-config.ts";

/** What a guest is made of. */
export interface GuestOptions {
  /** The domain's name: letters, digits, `-`, `_`, `.`. One guest at a time may have it. */
  readonly name: string;
  /** The kernel: its bytes, which are sent to dom0, or the path of a file that dom0 has already. */
  readonly kernel: Uint8Array | string;
  /** `ramdisk=`, a further module for the kernel, likewise. */
  readonly ramdisk?: Uint8Array | string;
  readonly memoryMb: number;
  /** `extra=`, the kernel's command line. */
  readonly extra?: string;
  /** Any further keys of xl.cfg(5); they win over what the rig sets. */
  readonly config?: Readonly<Record<string, XlValue>>;
}

/** What became of `xl create`: a guest, or xl's refusal, which is a finding about the image, not a broken rig. */
export type CreateResult =
  | { readonly created: true; readonly guest: Guest }
  | { readonly created: false; readonly status: number; readonly text: string };

/** What a guest needs of the rig that it runs on. */
export interface GuestHost {
  readonly link: AgentLink;
  exec(command: string | readonly string[], options?: { timeoutMs?: number }): Promise<CommandOutcome>;
  put(bytes: Uint8Array, path: string, mode?: number): Promise<void>;
}

/** xenconsoled reads a busy ring at most 30 times in 200 ms: what has not come after one such pause does not come. */
const consoleSettledMs = 250;

/** A domain, from its creation to its destruction. Made by `Rig.create` and `Rig.tryCreate`. */
export class Guest {
  readonly name: string;
  readonly domainId: number;
  readonly console: GuestConsole;
  readonly #host: GuestHost;
  readonly #works: readonly Work[];
  readonly #ended: Promise<GuestEnd>;
  /** What the guest has in dom0: a directory and the log of its console. */
  readonly #files: readonly string[];
  #tty: Promise<Work> | undefined;
  #destroyed: Promise<void> | undefined;

  /** Sends the image to dom0, runs `xl create` and waits until it has either built the domain or refused. */
  static async create(host: GuestHost, options: GuestOptions): Promise<CreateResult> {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(options.name)) {
      throw new Error(
        `a guest's name must be letters, digits, "-", "_" and ".", not ${JSON.stringify(options.name)}`,
      );
    }
    const directory = `/run/guests/${options.name}`;
    const log = `/var/log/xen/guest-${options.name}.log`;
    await host.exec(`mkdir -p ${directory}; rm -f ${log}`);
    const settings = {
      ...defaultSettings(options),
      kernel: await place(host, options.kernel, `${directory}/kernel`),
    };
    const ramdisk = options.ramdisk && {
      ramdisk: await place(host, options.ramdisk, `${directory}/ramdisk`),
    };
    await host.put(
      Buffer.from(xlConfig({ ...settings, ...ramdisk, ...options.config })),
      `${directory}/config`,
    );

    let guest: Guest | undefined;
    const early: Buffer[] = [];
    const onConsole = (bytes: Buffer): void => {
      if (guest) guest.console.receive(bytes);
      else early.push(bytes);
    };
    const follower = host.link.follow(log, { onStdout: onConsole });
    const xl = new XlProcess(host.link, ["xl", "create", "-F", `${directory}/config`]);
    const domainId = await xl.built;
    if (domainId === undefined) {
      follower.kill();
      await host.exec(["rm", "-rf", directory, log]);
      return { created: false, status: (await xl.status) ?? 1, text: xl.text.trim() };
    }
    guest = new Guest(host, options.name, domainId, [directory, log], [follower, xl.work], xl.ended);
    early.forEach((bytes) => guest?.console.receive(bytes));
    return { created: true, guest };
  }

  private constructor(
    host: GuestHost,
    name: string,
    domainId: number,
    files: readonly string[],
    works: readonly Work[],
    ended: Promise<GuestEnd>,
  ) {
    this.name = name;
    this.domainId = domainId;
    this.console = new GuestConsole((bytes) => this.#type(bytes));
    this.#host = host;
    this.#files = files;
    this.#works = works;
    this.#ended = ended.then((end) => this.#settle(end));
    this.#ended.catch(() => this.console.end());
  }

  /**
   * Waits until the guest has ended and its console has been read to the end; `reason` is `timeout` when it still runs
   * after `timeoutMs`. A guest that ended is kept by Xen (`on_*="preserve"`) until {@link destroy}.
   */
  async wait(timeoutMs: number): Promise<GuestEnd> {
    const timer = new AbortController();
    const timedOut = sleep(timeoutMs, { reason: "timeout" } as const, { signal: timer.signal });
    timedOut.catch(() => {});
    try {
      return await Promise.race([this.#ended, timedOut]);
    } finally {
      timer.abort();
    }
  }

  /**
   * Waits for the guest to end and requires the reason. Throws a GuestFailure with the console when it ended otherwise
   * or, after destroying it, when it hung.
   */
  async expectEnd(reason: GuestEnd["reason"], timeoutMs: number): Promise<void> {
    const end = await this.wait(timeoutMs);
    if (end.reason === reason) return;
    if (end.reason === "timeout") {
      await this.destroy();
      throw new GuestFailure(
        `the guest hung: expected ${reason} within ${timeoutMs / 1000} s; destroyed`,
        this.console.text,
      );
    }
    const verdict = end.reason === "crash" ? "crash" : "failure";
    throw new GuestFailure(
      `the guest ended with ${end.reason}, expected ${reason}`,
      this.console.text,
      verdict,
    );
  }

  /** Destroys the domain, if it is still there, and removes its files from dom0. */
  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy();
  }

  async #destroy(): Promise<void> {
    const result = await this.#host.exec(["xl", "destroy", String(this.domainId)]);
    // A domain that is gone already cannot be destroyed, which xl has several ways of saying.
    if (result.status !== 0 && (await this.#exists())) {
      throw new EnvironmentError(
        `xl destroy ${this.name}:\n${quoteTail(result.stderr)}`,
        "start the rig again",
      );
    }
    await this.#ended;
    this.#works.forEach((work) => work.kill());
    (await this.#tty)?.kill();
    await this.#host.exec(["rm", "-rf", ...this.#files]);
  }

  async #exists(): Promise<boolean> {
    return (await this.#host.exec(["xl", "list", String(this.domainId)])).status === 0;
  }

  async #settle(end: GuestEnd): Promise<GuestEnd> {
    const since = performance.now();
    while (Math.min(this.console.quietMs, performance.now() - since) < consoleSettledMs) await sleep(20);
    this.console.end();
    return end;
  }

  #type(bytes: Uint8Array): void {
    this.#tty ??= this.#openTty();
    void this.#tty.then(
      (tty) => tty.write(bytes),
      () => {},
    );
  }

  async #openTty(): Promise<Work> {
    const node = `/local/domain/${this.domainId}/console/tty`;
    for (;;) {
      const result = await this.#host.exec(["xenstore-read", node]);
      if (result.status === 0) return this.#host.link.writeFile(result.stdout.trim(), 0);
      // xenconsoled writes the node when it has noticed the domain.
      await sleep(50);
    }
  }
}

/** Sends a file to dom0, unless it is there already; returns its path there. */
async function place(host: GuestHost, file: Uint8Array | string, path: string): Promise<string> {
  if (typeof file === "string") return file;
  await host.put(file, path);
  return path;
}

function defaultSettings(options: GuestOptions): Record<string, XlValue> {
  const events = ["poweroff", "reboot", "crash", "watchdog", "soft_reset"];
  return {
    name: options.name,
    type: "pv",
    memory: options.memoryMb,
    ...(options.extra === undefined ? {} : { extra: options.extra }),
    ...Object.fromEntries(events.map((event) => [`on_${event}`, "preserve"])),
  };
}

/** A running `xl create -F` and what it has said. */
class XlProcess {
  readonly work: Work;
  /** The domain's number as soon as it is built; undefined when xl refused. */
  readonly built: Promise<number | undefined>;
  /** Why the domain ended. Settles only for one that was built. */
  readonly ended: Promise<GuestEnd>;
  /** xl's exit status; undefined when a signal ended it. */
  readonly status: Promise<number | undefined>;
  text = "";

  constructor(link: AgentLink, command: readonly string[]) {
    let onBuilt = (_domainId: number | undefined): void => {};
    let onEnded = (_end: GuestEnd): void => {};
    const built = new Promise<number | undefined>((resolve) => (onBuilt = resolve));
    const ended = new Promise<GuestEnd>((resolve) => (onEnded = resolve));
    const onOutput = (bytes: Buffer): void => {
      this.text += bytes.toString();
      const report = readXlReport(this.text);
      if (report.domainId !== undefined) onBuilt(report.domainId);
      if (report.end !== undefined) onEnded(report.end);
    };
    this.work = link.spawn(command, { onStdout: onOutput, onStderr: onOutput });
    this.status = this.work.end.then((end) => {
      onBuilt(undefined);
      // xl leaves without a word when somebody else destroyed the domain before it looked.
      onEnded({ reason: "destroyed" });
      return end.kind === "status" ? end.status : undefined;
    });
    // When the rig breaks, the waiting for either must fail as well, rather than last for ever.
    const broken = this.status.then(() => new Promise<never>(() => {}));
    this.built = Promise.race([built, broken]);
    this.ended = Promise.race([ended, broken]);
    this.built.catch(() => {});
    this.ended.catch(() => {});
  }
}
