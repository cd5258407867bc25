let kept: Template = "";
function keep(line: Template): void {
  kept = line;
}
export function main(): i32 {
  let n: u32 = 1;
  keep(`${n}`); // error XL4003
  return 0;
}
