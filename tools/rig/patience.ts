/**
 * Milliseconds that a guest has for what takes it a few: a machine that has other work to do makes it slower, and only one that hangs
 * is waited for so long.
 */
export const patienceMs = 60_000;
