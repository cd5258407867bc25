/** The smallest domain that the kernel boots in, in steps of 1 MB; docs/boot.md records what this test prints. */
import test from "ava";
import { image, rig, shareRig } from "./shared-rig.ts";

shareRig();

/** Whether a domain of this size says its banner and ends well; otherwise xl's words or the end's reason. */
async function boots(memoryMb: number): Promise<true | string> {
  const name = `memory-${memoryMb}`;
  const made = await rig.tryCreate({ name, kernel: image, memoryMb, extra: "test=halt" });
  if (!made.created) return made.text;
  await using guest = made.guest;
  const end = await guest.wait();
  if (end.reason !== "poweroff") return `${end.reason}\n${guest.console.text}`;
  return guest.console.text.includes(`(${memoryMb} MB)`) ? true : guest.console.text;
}

/** Smaller domains are refused by the domain builder, whatever the kernel. */
const goal = 4;

test.serial(`${goal} MB are enough, and what is too little is refused by xl in words`, async (t) => {
  let smallest = goal;
  t.is(await boots(smallest), true);
  let refusal: true | string = true;
  while (smallest > 1) {
    refusal = await boots(smallest - 1);
    if (refusal !== true) break;
    smallest--;
  }
  t.log(`smallest memory= that boots: ${smallest} MB`);
  if (refusal !== true) {
    t.regex(refusal, /not enough memory|Out of memory/);
    t.log(
      `with ${smallest - 1} MB: ${refusal.split("\n").find((line) => line.includes("error")) ?? refusal}`,
    );
  }
});

test.serial("1 GB boots as well, and as quickly: memory is not mapped ahead of its use", async (t) => {
  t.is(await boots(1024), true);
});
