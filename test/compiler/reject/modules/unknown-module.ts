import { read } from "./missing.ts"; // error TS2307
export function main(): i32 {
  return read();
}
