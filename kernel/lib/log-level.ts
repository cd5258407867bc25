/** How grave a line of the log is. */

export const enum Level {
  /** The domain is about to end. */
  Emergency,
  Error,
  Warning,
  Info,
  Debug,
}

type LevelName = { readonly name: string; readonly level: Level };

const names: FixedArray<LevelName, 5> = [
  { name: "emergency", level: Level.Emergency },
  { name: "error", level: Level.Error },
  { name: "warning", level: Level.Warning },
  { name: "info", level: Level.Info },
  { name: "debug", level: Level.Debug },
];

/** The level that the command line or the monitor means by `name`. */
export function levelNamed(name: Slice<u8>): Result<Level> {
  for (const choice of names) {
    if (name.equals(choice.name.bytes())) return ok(choice.level);
  }
  return err("error, warning, info and debug are the levels");
}

export function nameOfLevel(level: Level): string {
  for (const choice of names) {
    if (choice.level === level) return choice.name;
  }
  return "";
}
