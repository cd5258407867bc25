//> 1000000000 ticks of 1 GHz: 1000000000 ns
//> 3000000000 ticks of 3 GHz: 999999999 ns
//> 10 s of 400 MHz: 10000000000 ns
//> 2^40 ticks of 4 GHz: 274877906944 ns
//> 100 days of 2 GHz: 8640000000000000 ns
import { print } from "xenlet:host";
import { scaled } from "../../../kernel/arch/x86-xen/system-time.ts";

// Scales as Xen gives them: a fraction of 2^32 between a half and one, and a shift that makes up for it.
export function main(): i32 {
  print(`1000000000 ticks of 1 GHz: ${scaled(1000000000, 0x80000000, 1)} ns`);
  print(`3000000000 ticks of 3 GHz: ${scaled(3000000000, 0xaaaaaaaa, -1)} ns`);
  print(`10 s of 400 MHz: ${scaled(4000000000, 0xa0000000, 2)} ns`);
  print(`2^40 ticks of 4 GHz: ${scaled(1 << 40, 0x80000000, -1)} ns`);
  print(`100 days of 2 GHz: ${scaled(17280000000000000, 0x80000000, 0)} ns`);
  return 0;
}
