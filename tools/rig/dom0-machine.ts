/** The machine of way B, Xen with a Linux dom0: how it is described to QEMU, and how it is started or restored. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentLink } from "./agent-link.ts";
import { temporaryDirectory } from "./at-exit.ts";
import { Machine, type MachineListener } from "./qemu.ts";
import { QmpClient } from "./qmp.ts";
import { EnvironmentError, HypervisorCrash, quoteTail } from "./verdict.ts";

/** What a machine is like. Each combination has its own snapshot. */
export interface MachineSize {
  /** The whole machine, in MB: Xen, dom0 and all guests. */
  readonly memoryMb: number;
  /** The part of it that is dom0's. */
  readonly dom0Mb: number;
  /**
   * The machine's clock counts instructions, two nanoseconds each, instead of following the host's: what is measured in it
   * is the same every time, whatever else the host does. Slower, and busy while it waits.
   */
  readonly instructionClock?: boolean;
  /** Which xenstored serves: the one in C, or the one in OCaml. */
  readonly xenstored?: "c" | "ocaml";
}

const instructionClockArguments = ["-icount", "shift=1,sleep=off", "-rtc", "clock=vm"];

const xenOptions =
  "bootscrub=off dom0_max_vcpus=1 com1=115200,8n1 console=com1 guest_loglvl=all conring_size=128k";
const linuxOptions = "console=hvc0 loglevel=4 panic=-1 mitigations=off random.trust_cpu=on";

/** QEMU's arguments for this machine; the same for booting and for restoring, as migration demands. */
export function machineArguments(size: MachineSize): string[] {
  const memory = `dom0_mem=${size.dom0Mb}M,max:${size.dom0Mb}M`;
  return [
    ...["-m", String(size.memoryMb), "-kernel", "xen.elf", "-append", `${memory} ${xenOptions}`],
    ...["-initrd", `vmlinux ${linuxOptions} rig.xenstored=${size.xenstored ?? "c"},dom0.cpio`],
    ...(size.instructionClock === true ? instructionClockArguments : []),
    ...[
      "-device",
      "virtio-serial-pci,id=bus",
      "-device",
      "virtserialport,bus=bus.0,chardev=agent,name=agent",
    ],
  ];
}

/** A dom0 machine with its monitor and the link to its agent. */
export interface Dom0Machine {
  readonly machine: Machine;
  readonly monitor: QmpClient;
  readonly link: AgentLink;
  /** Ends everything and removes what it had on disk. Can be called at any time and more than once. */
  stop(): Promise<void>;
}

/** What dom0's boot, the hypervisor or QEMU print when there is no use in waiting any longer. */
const signsOfDeath = [/^RIG: dom0 failed: .*/m, /Kernel panic - not syncing.*/, /Panic on CPU \d+:/];

/**
 * Starts the machine from its boot files in `directory`, or from a saved state when `incoming` is given (a path relative
 * to the directory), and waits at most `timeoutMs` for its agent.
 */
export async function startDom0Machine(
  directory: string,
  size: MachineSize,
  options: { incoming?: string; timeoutMs: number; listener?: MachineListener },
): Promise<Dom0Machine> {
  const sockets = temporaryDirectory("rig-");
  const paths = { agent: join(sockets.path, "agent"), monitor: join(sockets.path, "monitor") };
  const incoming = options.incoming === undefined ? [] : ["-incoming", `exec:cat '${options.incoming}'`];
  const channels = [
    ...["-chardev", `socket,id=agent,path=${paths.agent},server=on,wait=off`],
    ...["-qmp", `unix:${paths.monitor},server=on,wait=off`],
  ];
  const machine = new Machine(
    directory,
    [...channels, ...machineArguments(size), ...incoming],
    options.listener,
  );
  let monitor: QmpClient | undefined;
  let link: AgentLink | undefined;
  const stop = async (): Promise<void> => {
    link?.abort(new EnvironmentError("the rig was stopped", "start another one"));
    monitor?.close();
    await machine.kill();
    sockets.remove();
  };
  const limit = new AbortController();
  const death = watchForDeath(machine, limit, options.timeoutMs);
  try {
    const start = async (): Promise<Dom0Machine> => {
      monitor = await retryUntilUp(() => QmpClient.connect(paths.monitor), limit.signal);
      if (options.incoming !== undefined) await resume(monitor, limit.signal);
      link = await AgentLink.connect(paths.agent);
      await link.waitUntilReady(limit.signal);
      return { machine, monitor, link, stop };
    };
    return await Promise.race([start(), death]);
  } catch (error) {
    const explained = await explain(machine, error);
    await stop();
    throw explained;
  } finally {
    limit.abort();
  }
}

/** A connection that breaks is seen before the end of the process that broke it, which is what there is to be told. */
async function explain(machine: Machine, error: unknown): Promise<Error> {
  if (error instanceof EnvironmentError) return error;
  const exit = await Promise.race([machine.exit, sleep(1000)]);
  if (exit) return machine.unexpectedExit(exit);
  const what = `the machine did not come up: ${error instanceof Error ? error.message : String(error)}`;
  return new EnvironmentError(what, "run `npm run rig -- rebuild`", { cause: error });
}

/** Rejects when the machine cannot come up any more; never resolves. */
function watchForDeath(machine: Machine, limit: AbortController, timeoutMs: number): Promise<never> {
  const watch = async (): Promise<never> => {
    const deadline = Date.now() + timeoutMs;
    let exited = false;
    void machine.exit.then(() => (exited = true));
    while (Date.now() < deadline) {
      if (exited) throw machine.unexpectedExit(await machine.exit);
      const sign = signsOfDeath.map((pattern) => pattern.exec(machine.serial)?.[0]).find(Boolean);
      if (sign !== undefined) throw deathOf(machine, sign);
      await sleep(50, undefined, { signal: limit.signal });
    }
    throw deathOf(machine, `dom0 was not usable within ${timeoutMs / 1000} s`);
  };
  const watching = watch();
  // When the machine is up, the watch ends by abortion, which nobody awaits any more.
  watching.catch(() => {});
  return watching;
}

function deathOf(machine: Machine, sign: string): EnvironmentError {
  const remedy = "run `npm run rig -- rebuild`; if it fails again, look at what is quoted above";
  return new EnvironmentError(`${sign}\n${quoteTail(machine.serial)}`, remedy);
}

/** Waits until the saved state has been read, then lets the machine run. */
async function resume(monitor: QmpClient, signal: AbortSignal): Promise<void> {
  while ((await monitor.execute("query-status"))["status"] === "inmigrate") {
    await sleep(10, undefined, { signal });
  }
  await monitor.execute("cont");
}

async function retryUntilUp<T>(connect: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "ENOENT" && code !== "ECONNREFUSED") throw error;
      await sleep(10, undefined, { signal });
    }
  }
}

/** Xen's or dom0's last words, with the error that they mean. */
const lastWords: readonly (readonly [RegExp, (machine: Machine) => Error])[] = [
  [/Panic on CPU \d+:/, (machine) => new HypervisorCrash(machine.serial)],
  [
    /Kernel panic - not syncing|\(XEN\) Hardware Dom0 (?:crashed|halted|shutdown)/,
    (machine) => dom0Died(machine),
  ],
];

function dom0Died(machine: Machine): EnvironmentError {
  const what = `dom0 died\n${quoteTail(machine.serial)}`;
  return new EnvironmentError(what, "start the rig again; if a guest can do this at will, report it");
}

/**
 * Calls `onDeath` once when a running machine ends by itself, its hypervisor panics or its dom0 dies. Returns a function
 * that stops watching.
 */
export function onUnexpectedDeath(machine: Machine, onDeath: (error: Error) => void): () => void {
  let watching = true;
  const report = (error: Error): void => {
    clearInterval(timer);
    if (watching) onDeath(error);
    watching = false;
  };
  const errorSaid = (): Error | undefined =>
    lastWords.find(([pattern]) => pattern.test(machine.serial))?.[1](machine);
  const timer = setInterval(() => {
    if (!errorSaid()) return;
    clearInterval(timer);
    // A panic's report takes some lines; the machine is let finish it.
    setTimeout(() => {
      const error = errorSaid();
      if (error) report(error);
    }, 500);
  }, 200);
  void machine.exit.then((exit) => report(errorSaid() ?? machine.unexpectedExit(exit)));
  return () => {
    watching = false;
    clearInterval(timer);
  };
}
