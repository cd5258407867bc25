//> 1 2 3 4 5 6 7
//> 1 2 3
//> 18 1 18
// What is copied out of shared memory as a whole is all of it: structs in structs, arrays, gaps, and more than fits registers.
import { print } from "xenlet:host";
import { addressOf, sharedAt } from "xenlet:unsafe";

@struct({ size: 4 })
class Pair {
  low: u16 = 0;
  high: i16 = 0;
}
@struct({ size: 16 })
class Nested {
  readonly pair = new Pair();
  readonly bytes = new FixedArray<u8, 4>();
  wide: u64 = 0;
}
@struct({ size: 12 })
class Gaps {
  first: u8 = 0;
  second: u32 = 0;
  third: u8 = 0;
}
@struct({ size: 72 })
class Long {
  readonly words = new FixedArray<u32, 18>();
}
const nested = new Nested();
const gaps = new Gaps();
const long = new Long();

export function main(): i32 {
  nested.pair.low = 1;
  nested.pair.high = 2;
  for (let i: usize = 0; i < 4; i++) nested.bytes[i] = (i + 3) as u8;
  nested.wide = 7;
  const seen = new Nested();
  sharedAt<Nested>(addressOf(nested)).copyTo(seen);
  const pair = seen.pair;
  const bytes = seen.bytes;
  print(`${pair.low} ${pair.high} ${bytes[0]} ${bytes[1]} ${bytes[2]} ${bytes[3]} ${seen.wide}`);

  gaps.first = 1;
  gaps.second = 2;
  gaps.third = 3;
  const apart = new Gaps();
  sharedAt<Gaps>(addressOf(gaps)).copyTo(apart);
  print(`${apart.first} ${apart.second} ${apart.third}`);

  for (let i: usize = 0; i < 18; i++) long.words[i] = (i + 1) as u32;
  const whole = new Long();
  sharedAt<Long>(addressOf(long)).copyTo(whole);
  let same: u32 = 0;
  for (let i: usize = 0; i < 18; i++) if (whole.words[i] === long.words[i]) same++;
  print(`${whole.words[17]} ${whole.words[0]} ${same}`);
  return 0;
}
