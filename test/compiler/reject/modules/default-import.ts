import frame from "./parts/frame.ts"; // error TS1192
export function main(): i32 {
  return 0;
}
