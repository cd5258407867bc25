/** What a program for the target `host` can ask of Linux; there for tests. */
declare module "xenlet:host" {
  /** Writes one line to standard output. */
  export function print(line: Template): void;
}
