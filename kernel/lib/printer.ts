/** Takes the lines of a report: the monitor's terminal, or the log. */
import * as log from "./log.ts";

export interface Printer {
  print(line: Template): void;
}

@struct
export class LogPrinter implements Printer {
  print(line: Template): void {
    log.info(line);
  }
}
