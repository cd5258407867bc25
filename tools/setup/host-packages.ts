/** The Debian packages that the project wants on the machine itself, each with its reason. */

/** What a package is wanted for; a command asks only for the groups that it needs. */
export type HostPackageGroup = "compiler" | "sanitizers" | "abi" | "rig" | "bench";

/** One wanted package. */
export interface HostPackage {
  readonly name: string;
  readonly group: HostPackageGroup;
  readonly reason: string;
}

/** clang's major version in each Debian release: the sanitizer runtime's package carries it in its name. */
const clangVersions: Readonly<Record<string, number>> = { "12": 14, "13": 19 };

/** The table, for the given Debian release ("12"). */
export function hostPackages(debianRelease: string): HostPackage[] {
  const clang = clangVersions[debianRelease] ?? 14;
  return [
    { group: "compiler", name: "clang", reason: "compiles the C that the compiler emits" },
    { group: "compiler", name: "gcc", reason: "the second C compiler, which must agree with the first" },
    {
      group: "compiler",
      name: "libc6-dev",
      reason: "headers and start files of programs for the host target",
    },
    { group: "compiler", name: "binutils", reason: "ld links the kernel; objcopy and readelf look at it" },
    { group: "compiler", name: "nasm", reason: "assembles boot/head.S" },
    { group: "compiler", name: "llvm", reason: "llvm-objdump and llvm-symbolizer read what was built" },
    {
      group: "sanitizers",
      name: `libclang-rt-${clang}-dev`,
      reason: "runtime of clang's address and UB sanitizers",
    },
    { group: "abi", name: "libxen-dev", reason: "Xen's public headers, to which our layouts are compared" },
    { group: "rig", name: "qemu-system-x86", reason: "runs Xen" },
    { group: "rig", name: "xz-utils", reason: "unpacks dom0's kernel" },
    { group: "rig", name: "util-linux", reason: "setpriv, which ends QEMU when its parent dies" },
    { group: "bench", name: "wabt", reason: "wasm2c, for AssemblyScript in the compiler benchmark" },
    { group: "bench", name: "valgrind", reason: "counts instructions in the compiler benchmark" },
  ];
}
