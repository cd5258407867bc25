export let count: u32 = 0;
count = 1; // error XL6001
export function helper(): i32 {
  return 0;
}
