@struct class Box {
  #held: u32 = 0; // error XL1001
  get(): u32 {
    return this.#held;
  }
}
export function main(): i32 {
  const b = new Box();
  return b.get() as i32;
}
