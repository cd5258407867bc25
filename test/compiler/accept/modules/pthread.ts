//> true
// A declared symbol keeps its name; what is made up for `self` of this file, `pthread_self` as well, gives way.
import { print } from "xenlet:host";
import { readTimestampCounter } from "xenlet:unsafe";

declare function pthread_self(): u64;

function self(): u64 {
  return pthread_self();
}

export function main(): i32 {
  print(`${self() !== 0 && readTimestampCounter() !== 0}`);
  return 0;
}
