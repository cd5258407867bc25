/**
 * `npm run fuzz`: every target of test/fuzz/programs for a minute, one after the other, or those that are named:
 * `npm run fuzz -- --seconds 600 xenstore-daemon`. An input that breaks one is kept, and said how to run again.
 */
import { rmSync } from "node:fs";
import { Command } from "commander";
import { buildTarget, fuzz, targetNames } from "./fuzz/target.ts";
import { ensureHostPackages } from "./setup/host.ts";

const program = new Command("fuzz")
  .argument("[targets...]", "names of files in test/fuzz/programs", targetNames())
  .option("--seconds <n>", "how long for each", "60")
  .parse();

await ensureHostPackages(["compiler", "sanitizers"]);
const seconds = Number(program.opts<{ seconds: string }>().seconds);
for (const name of program.processedArgs[0] as string[]) {
  const built = await buildTarget(name);
  const { runs, culprit, text } = await fuzz(name, built, { seconds });
  if (culprit === undefined && runs > 0) {
    console.log(`${name}: ${runs} inputs, nothing found`);
    rmSync(built);
    continue;
  }
  console.log(text);
  console.log(`${name}: broken by ${culprit ?? "itself"}; to see it again: ${built} ${culprit ?? ""}`);
  process.exitCode = 1;
}
