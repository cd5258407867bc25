/** `npm start`: builds the kernel, starts a rig, creates the guest and connects its console to the terminal. */
import { Command } from "commander";
import { buildKernel } from "./build-kernel.ts";
import { exitWithVerdict } from "./rig/main.ts";
import { runAsGuest, runBare } from "./rig/session.ts";
import { megabytes } from "./rig/arguments.ts";

interface Options {
  readonly bare?: true;
  readonly memory: number;
  readonly extra: string;
}

const program = new Command("npm start --")
  .description("Builds the kernel and boots it as a guest of a real Xen, with its console on this terminal.")
  .option(
    "--bare",
    "let Xen boot it as its first domain, without dom0: faster, without toolstack and xenstore",
  )
  .option("-m, --memory <MB>", "the guest's memory", megabytes, 32)
  .option("--extra <text>", "the kernel's command line", "")
  .parse();

const { bare, memory, extra } = program.opts<Options>();

await exitWithVerdict(async () => {
  const kernel = await buildKernel();
  const run = bare ? runBare : runAsGuest;
  return run({ kernel, name: "xenlet", memoryMb: memory, extra });
});
