//> indexOf: 1 3 0
//> untilZero: ab
//> startsWith: true false true false
//> trim: [a b] [] []
//> numbers: 0 42 255 18446744073709551615 18446744073709551615
//> refused: no digits, no digits, not a digit, not a digit, larger than 64 bits, larger than 64 bits
import { print } from "xenlet:host";
import { indexOf, parseNumber, startsWith, trim, untilZero } from "../../../kernel/lib/bytes.ts";

function number(digits: string): u64 {
  const parsed = parseNumber(digits.bytes());
  return parsed.ok ? parsed.value : 999;
}

function refusal(digits: string): string {
  const parsed = parseNumber(digits.bytes());
  return parsed.ok ? "accepted" : parsed.error;
}

export function main(): i32 {
  const letters = "abc".bytes();
  print(`indexOf: ${indexOf(letters, 0x62)} ${indexOf(letters, 0x7a)} ${indexOf("".bytes(), 0)}`);
  print(`untilZero: ${text(untilZero("ab\0c".bytes()))}`);
  const a = startsWith(letters, "ab".bytes());
  const b = startsWith(letters, "abcd".bytes());
  const c = startsWith(letters, "".bytes());
  const d = startsWith(letters, "b".bytes());
  print(`startsWith: ${a} ${b} ${c} ${d}`);
  print(`trim: [${text(trim(" \ta b ".bytes()))}] [${text(trim(" ".bytes()))}] [${text(trim("".bytes()))}]`);
  const most = number("18446744073709551615");
  print(`numbers: ${number("0")} ${number("42")} ${number("0xfF")} ${most} ${number("0xffffffffffffffff")}`);
  const more = refusal("18446744073709551616");
  const wide = refusal("0x10000000000000000");
  print(`refused: ${refusal("")}, ${refusal("0x")}, ${refusal("1a")}, ${refusal("0xg")}, ${more}, ${wide}`);
  return 0;
}
