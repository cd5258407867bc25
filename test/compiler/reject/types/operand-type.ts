export function main(): i32 {
  const b = "x" + "y"; // error XL2010
  const t = "a" < "b"; // error XL2010
  const s = -"a"; // error XL2010
  return 0;
}
