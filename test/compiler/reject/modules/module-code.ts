import { print } from "xenlet:host";
print("before main"); // error XL6001
export function main(): i32 {
  return 0;
}
