/** `npm start`: builds the kernel, starts a rig, creates the guest and connects its console to the terminal. */
import { Command } from "commander";
import { buildKernel } from "./build-kernel.ts";
import { exitWithVerdict } from "./rig/main.ts";
import { runAsGuest, runBare } from "./rig/session.ts";
import { megabytes } from "./rig/arguments.ts";

/** What `npm start` gives its guest: an address beside dom0's on the bridge, and dom0's blank disk. */
const devices = {
  extra: "ip=169.254.1.1/16",
  config: { vif: ["bridge=xenbr0"], disk: ["file:/run/blank.img,xvda,w"] },
};

interface Options {
  readonly bare?: true;
  readonly devices: boolean;
  readonly memory: number;
  readonly extra?: string;
}

const program = new Command("npm start --")
  .description("Builds the kernel and boots it as a guest of a real Xen, with its console on this terminal.")
  .option(
    "--bare",
    "let Xen boot it as its first domain, without dom0: faster, without toolstack and xenstore",
  )
  .option("--no-devices", "neither a network interface nor a disk")
  .option("-m, --memory <MB>", "the guest's memory", megabytes, 32)
  .option("--extra <text>", `the kernel's command line, instead of "${devices.extra}"`)
  .parse();

const { bare, memory, extra, devices: wanted } = program.opts<Options>();

await exitWithVerdict(async () => {
  const kernel = await buildKernel();
  const session = { kernel, name: "xenlet", memoryMb: memory, extra: extra ?? "" };
  if (bare) return runBare(session);
  return runAsGuest(wanted ? { ...session, ...devices, extra: extra ?? devices.extra } : session);
});
