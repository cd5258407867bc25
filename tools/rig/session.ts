/** Runs one kernel with its console on the terminal, from the rig's start to its end. */
import { readFileSync } from "node:fs";
import { startBare } from "./bare.ts";
import type { BareEnd } from "./bare-end.ts";
import type { GuestEnd } from "./guest-end.ts";
import { Rig } from "./rig.ts";
import { announce, attachTerminal } from "./terminal.ts";
import { GuestFailure, type Verdict } from "./verdict.ts";
import type { XlValue } from "./xl-config.ts";

/** What to run. */
export interface SessionOptions {
  /** Path of the kernel on this machine. */
  readonly kernel: string;
  readonly name: string;
  readonly memoryMb: number;
  readonly extra: string;
  /** After this time the guest is killed and the session has failed. No limit when absent. */
  readonly timeoutMs?: number;
  /** Further keys of the xl configuration. */
  readonly config?: Readonly<Record<string, XlValue>>;
}

/** Runs the kernel as a guest created by xl. */
export async function runAsGuest(options: SessionOptions): Promise<Verdict> {
  const { name, memoryMb, extra } = options;
  await using rig = await Rig.start();
  const kernel = readFileSync(options.kernel);
  const saidBefore = rig.xenLog().length;
  const guest = await rig.create({ name, kernel, memoryMb, extra, config: options.config ?? {} });
  announce(`xl has created ${name} (domain ${guest.domainId}, ${memoryMb} MB).`);
  process.stdout.write(guest.console.text);
  guest.console.onText((text) => process.stdout.write(text));
  const ended = guest.wait(options.timeoutMs ?? longestTimer);
  const how = await attachTerminal({ write: (bytes) => guest.console.write(bytes), ended });
  if (how === "left") {
    await guest.destroy();
    console.error(`\n${name}: destroyed.`);
    return "success";
  }
  const { reason } = await ended;
  if (reason === "crash") console.error(`\nWhat Xen said:\n${xenLines(rig.xenLog().slice(saidBefore))}`);
  return judge(name, reason);
}

/** Runs the kernel as Xen's first domain. */
export async function runBare(options: SessionOptions): Promise<Verdict> {
  const guest = await startBare({
    kernel: options.kernel,
    commandLine: options.extra,
    memoryMb: options.memoryMb,
    onOutput: (text) => process.stdout.write(text),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
  announce("Xen boots the kernel as its first domain.");
  const how = await attachTerminal({ write: (bytes) => guest.write(bytes), ended: guest.end });
  if (how === "left") await guest.kill();
  const { reason, serial } = await guest.end;
  if (reason === "refused") throw new GuestFailure("Xen refused the image", serial);
  return how === "left" ? "success" : judge(options.name, reason);
}

/** The longest time that a timer of Node can wait, 24 days. */
const longestTimer = 2 ** 31 - 1;

function judge(name: string, reason: GuestEnd["reason"] | BareEnd): Verdict {
  console.error(`\n${name} ended: ${reason}.`);
  if (reason === "poweroff" || reason === "reboot" || reason === "suspend") return "success";
  return reason === "crash" || reason === "watchdog" || reason === "xen-panic" ? "crash" : "failure";
}

function xenLines(log: string): string {
  const lines = log.split(/\r?\n/).filter((line) => line.startsWith("(XEN)"));
  return lines.length === 0 ? "(nothing: the guest itself chose to end)" : lines.join("\n");
}
