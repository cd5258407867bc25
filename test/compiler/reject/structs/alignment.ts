@struct({ align: 4 })
class Header { // error XL3003
  b: u64 = 0;
}
export function main(): i32 {
  const h = new Header();
  return h.b as i32;
}
