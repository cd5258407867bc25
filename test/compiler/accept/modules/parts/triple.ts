function triple(n: u32): u32 {
  return n * 3;
}
export { triple };
