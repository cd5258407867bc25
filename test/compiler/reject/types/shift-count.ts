const TOO_FAR = 1 << -1; // error XL2017
export function main(): i32 {
  return TOO_FAR;
}
