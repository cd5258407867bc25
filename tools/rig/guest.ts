/** A domain created by the real `xl`. */
import { setTimeout as sleep } from "node:timers/promises";
import { GuestConsole } from "./console.ts";
import type { GuestEnd } from "./guest-end.ts";
import type { GuestHost } from "./guest-host.ts";
import { GuestTty } from "./guest-tty.ts";
import { patienceMs } from "./patience.ts";
import { EnvironmentError, GuestFailure, quoteTail } from "./verdict.ts";
import { XlCreate } from "./xl-create.ts";
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
  /** Built, and not started: `xl unpause` does that. */
  readonly paused?: boolean;
  /** Any further keys of xl.cfg(5); they win over what the rig sets. */
  readonly config?: Readonly<Record<string, XlValue>>;
}

/** What became of `xl create`: a guest, or xl's refusal, which is a finding about the image, not a broken rig. */
export type CreateResult =
  | { readonly created: true; readonly guest: Guest }
  | { readonly created: false; readonly status: number; readonly text: string };

/** xenconsoled reads a busy ring at most 30 times in 200 ms: what has not come after one such pause does not come. */
const consoleSettledMs = 250;
/** A backlog longer than this is not waited for. */
const consoleDrainLimitMs = 10_000;

/** A domain, from its creation to its destruction. Made by `Rig.create` and `Rig.tryCreate`. */
export class Guest {
  readonly name: string;
  readonly domainId: number;
  readonly console: GuestConsole;
  readonly #host: GuestHost;
  readonly #ended: Promise<GuestEnd>;
  /** Frees what the guest has in dom0: the works that watch it, its files. */
  readonly #release: () => Promise<void>;
  #destroyed: Promise<void> | undefined;

  /** Sends the image to dom0, runs `xl create` and waits until it has either built the domain or refused. */
  static async create(host: GuestHost, options: GuestOptions): Promise<CreateResult> {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(options.name)) {
      throw new Error(
        `a guest's name must be letters and digits, then also "-", "_" and ".", not ${JSON.stringify(options.name)}`,
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

    const xl = new XlCreate(host.link, `${directory}/config`, options.paused === true);
    const tty = new GuestTty(host, xl.built);
    const console = new GuestConsole((bytes) => tty.write(bytes));
    const follower = host.link.follow(log, { onStdout: (bytes) => console.receive(bytes) });
    const release = async (): Promise<void> => {
      tty.close();
      follower.kill();
      xl.work.kill();
      await host.exec(["rm", "-rf", directory, log]);
    };
    const domainId = await xl.built;
    if (domainId !== undefined) {
      return { created: true, guest: new Guest(host, options.name, domainId, console, xl.ended, release) };
    }
    await release();
    return { created: false, status: (await xl.status) ?? 1, text: xl.text.trim() };
  }

  private constructor(
    host: GuestHost,
    name: string,
    domainId: number,
    console: GuestConsole,
    ended: Promise<GuestEnd>,
    release: () => Promise<void>,
  ) {
    this.name = name;
    this.domainId = domainId;
    this.console = console;
    this.#host = host;
    this.#release = release;
    this.#ended = ended.then((end) => this.#settle(end));
    this.#ended.catch(() => this.console.end());
  }

  /**
   * Waits until the guest has ended and its console has been read to the end; `reason` is `timeout` when it still runs
   * after `timeoutMs`. A guest that ended is kept by Xen (`on_*="preserve"`) until {@link destroy}.
   */
  async wait(timeoutMs = patienceMs): Promise<GuestEnd> {
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
  async expectEnd(reason: GuestEnd["reason"], timeoutMs = patienceMs): Promise<void> {
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
    await this.#release();
  }

  async #exists(): Promise<boolean> {
    return (await this.#host.exec(["xl", "list", String(this.domainId)])).status === 0;
  }

  async #settle(end: GuestEnd): Promise<GuestEnd> {
    const since = performance.now();
    const passed = (): number => performance.now() - since;
    while (Math.min(this.console.quietMs, passed()) < consoleSettledMs && passed() < consoleDrainLimitMs) {
      await sleep(20);
    }
    this.console.end();
    return end;
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
