export function main(): i32 {
  eval("1"); // error TS2304
  console.log("a"); // error TS2584
  return 0;
}
