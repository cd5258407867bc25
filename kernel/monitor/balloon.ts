/** How much memory the domain has, wants, and could do with. */
import { balloonTask, describeStop } from "../drivers/xenbus/balloon.ts";
import { balloon, balloonMemory } from "../mm/balloon-memory.ts";
import { p2mDisagreements } from "../arch/x86-xen/p2m.ts";
import type { Arguments, Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export const balloonCommands: FixedArray<Command, 1> = [
  { name: "balloon", usage: "", purpose: "how much memory there is, and should be", action: showBalloon },
];

function showBalloon(terminal: Terminal, words: Arguments): void {
  terminal.print(`${balloon.pages} pages; between ${balloon.floor()} and ${balloon.ceiling()} are possible`);
  if (balloonTask.target === 0) terminal.print("the toolstack has not said how many it wants");
  else terminal.print(`${balloonTask.target} are wanted: ${describeStop(balloonTask.stop)}`);
  terminal.print(`${balloon.given} were given away so far, ${balloon.taken} came`);
  terminal.print(
    `missing frames that are mapped: ${balloonMemory.leftovers()}; places that Xen sees otherwise: ${p2mDisagreements()}`,
  );
}
