function make<T>(): u32 {
  return sizeOf<T>() as u32;
}
export function main(): i32 {
  return make() as i32; // error XL2022
}
