import { helper } from "./parts/effect.ts";
export function main(): i32 {
  return helper();
}
