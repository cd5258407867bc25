//> true true
import { print } from "xenlet:host";
import { compilerBarrier, fence, frameAddress, readTimestampCounter, spinHint } from "xenlet:unsafe";

export function main(): i32 {
  const before = readTimestampCounter();
  spinHint();
  fence("seqcst");
  fence("acquire");
  compilerBarrier();
  print(`${readTimestampCounter() >= before} ${frameAddress() !== 0}`);
  return 0;
}
