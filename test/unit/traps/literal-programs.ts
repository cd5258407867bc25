/** Programs of the subset that decode literal bytes. */

/** A program that prints a line for what stands at the start of each of `codes`. `kernel` is the way to kernel/arch/x86-xen. */
export function literalPrograms(kernel: string, codes: readonly Buffer[]): string {
  const flat = codes.flatMap((code) => [...code]);
  const lengths = codes.map((code) => code.length);
  return `import { print } from "xenlet:host";
import { decodePrivileged, NotPrivileged } from "${kernel}/privileged.ts";
const bytes: FixedArray<u8, ${flat.length}> = [${flat.join(",")}];
const lengths: FixedArray<u8, ${lengths.length}> = [${lengths.join(",")}];
function show(code: Slice<u8>): void {
  const found = decodePrivileged(code);
  if (!found.ok) print(\`\${found.error === NotPrivileged.Cut ? "cut" : "other"}\`);
  else print(\`\${found.value.name}: \${found.value.length} bytes, \${found.value.instead === "" ? "no way" : "replaced"}\`);
}
export function main(): i32 {
  let at: usize = 0;
  for (const length of lengths) {
    show(bytes.slice(at, at + length));
    at += length;
  }
  return 0;
}
`;
}
