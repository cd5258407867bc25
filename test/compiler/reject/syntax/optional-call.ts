type Handler = () => void;
let handler: Handler | null = null;
export function main(): i32 {
  const made = { run: handler }; // error XL2030
  return 0;
}
