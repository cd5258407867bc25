async function later(): Promise<void> {} // error TS2583
export function main(): i32 {
  return 0;
}
