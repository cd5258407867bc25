const debug = true;
let level: u32 = 0;
if (debug) level = 1; // error XL6001
for (let i: u32 = 0; i < 2; i++) level += i; // error XL6001
export function main(): i32 {
  return level as i32;
}
