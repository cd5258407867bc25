/**
 * The end: a promise of our own is broken, and going on would make it worse.
 *
 * `panic` says why, then executes an undefined instruction, so that the trap handler sees every register as it was and does
 * the rest: registers, backtrace, and the domain's end with reason *crash*. Before traps are installed, Xen itself ends the
 * domain at that instruction.
 */
import { trap } from "xenlet:unsafe";
import * as log from "./log.ts";

/** How far the ending has come; it only ever grows. */
export const enum Ending {
  /** All is well. */
  None,
  /** `panic` has said why, and the next undefined instruction is its own. */
  Announced,
  /** The report is being written. */
  Reporting,
  /** Something failed inside the report; one line says so. */
  LastWords,
  /** That line failed as well: nothing may be tried any more. */
  Silent,
}

let ending: Ending = Ending.None;

/** Ends the domain; `message` says what was expected, and what came. */
export function panic(message: Template): never {
  if (ending === Ending.None) {
    ending = Ending.Announced;
    log.emergency(`panic: ${message}`);
  }
  trap();
}

/** Takes the next step towards the end, and says which it is. */
export function nextEnding(): Ending {
  switch (ending) {
    case Ending.None:
    case Ending.Announced:
      ending = Ending.Reporting;
      break;
    case Ending.Reporting:
      ending = Ending.LastWords;
      break;
    case Ending.LastWords:
    case Ending.Silent:
      ending = Ending.Silent;
      break;
  }
  return ending;
}

/** Whether `panic` has said why the domain ends. */
export function isAnnounced(): boolean {
  return ending === Ending.Announced;
}

/** Where a check of the compiler fails. @checkHandler */
export function checkFailed(what: string, at: string, got: u64, limit: u64): never {
  panic(`${what} at ${at} (${got} against ${limit})`);
}
