/** Whole copies out of memory that a stranger may change meanwhile: nothing of it is read twice. */
import type { Type } from "../types/type.ts";
import { cIdentifier, type CTypes } from "./types.ts";

/** More members than these are copied as bytes. */
const mostMembers = 16;

/** One integer of a structure: how C reaches it, and what it is. */
interface Member {
  readonly path: string;
  readonly type: Type & { readonly kind: "integer" };
}

/**
 * C that copies a `type` from `source` to `target`, both pointers. Its members are read one by one, each once as it is
 * volatile, so that the copy can be in registers and no other memory is read again because of it.
 */
export function readShared(types: CTypes, type: Type, target: string, source: string): string {
  const storage = types.storage(type);
  const members = membersOf(type, "");
  if (members === undefined || members.length > mostMembers)
    return `xl_copy_shared(${target}, ${source}, sizeof(${storage}))`;
  const reads = members.map(
    ({ path, type }) => `xl_to->${path} = *(const volatile ${types.name(type)} *)&xl_from->${path};`,
  );
  return `({ ${storage} *xl_to = (${target}); const ${storage} *xl_from = (${source}); ${reads.join(" ")} })`;
}

/** Every integer in memory of the type; undefined where they are not all of it, or lie in the same place. */
function membersOf(type: Type, path: string): Member[] | undefined {
  if (type.kind === "integer") return [{ path, type }];
  if (type.kind === "array") {
    if (type.length > mostMembers) return undefined;
    return join(
      Array.from({ length: type.length }, (_, i) => membersOf(type.element, inside(path, `e[${i}]`))),
    );
  }
  if (type.kind !== "struct" || type.definition.isUnion) return undefined;
  const { fields, size } = type.definition;
  const members = join(fields.map((field) => membersOf(field.type, inside(path, cIdentifier(field.name)))));
  return members?.reduce((sum, member) => sum + member.type.bits / 8, 0) === size ? members : undefined;
}

function inside(path: string, member: string): string {
  return path === "" ? member : `${path}.${member}`;
}

function join(parts: readonly (Member[] | undefined)[]): Member[] | undefined {
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}
