/** The C of the language's own operations. */
import type * as ir from "../ir/ir.ts";
import type { Type } from "../types/type.ts";
import { castTo, integerName } from "./arithmetic.ts";
import type { Printer } from "./printer.ts";
import { readShared } from "./shared-copy.ts";
import { placeText } from "./writer.ts";

type Print = (printer: Printer, node: ir.IntrinsicNode) => string;

/** The C expression for an operation of the language itself. */
export function intrinsicText(printer: Printer, node: ir.IntrinsicNode): string {
  const print = table[node.name];
  if (print === undefined) throw new Error(`the intrinsic ${node.name} has no C`);
  return print(printer, node);
}

/** Arguments evaluated in order, then put into a text. */
const plain =
  (build: (texts: readonly string[], node: ir.IntrinsicNode, printer: Printer) => string): Print =>
  (printer, node) =>
    printer.ordered(node.arguments_, (texts) => build(texts, node, printer));

/** Every argument has a name, so that the text may use it more than once. */
const named =
  (build: (names: readonly string[], node: ir.IntrinsicNode, printer: Printer) => string): Print =>
  (printer, node) => {
    const lines: string[] = [];
    const names = node.arguments_.map((argument) => {
      const name = printer.temporary();
      lines.push(`${printer.types.name(argument.type)} ${name} = ${printer.print(argument)};`);
      return name;
    });
    return `({ ${lines.join(" ")} ${build(names, node, printer)}; })`;
  };

function about(node: ir.IntrinsicNode): Type {
  if (node.about === undefined) throw new Error(`${node.name} is about no type`);
  return node.about;
}

const order = (node: ir.IntrinsicNode): string => `XL_${node.word.toUpperCase()}`;
const at = (node: ir.IntrinsicNode): string => placeText(node.at);
const elementSize = (printer: Printer, node: ir.IntrinsicNode): string =>
  `sizeof(${printer.types.storage(about(node))})`;

const fetch = (operation: string): Print =>
  plain(([target = "", value = ""], node, printer) => {
    const type = printer.types.name(about(node));
    return `${operation}((volatile ${type} *)${target}, ${value}, ${order(node)})`;
  });

const builtin =
  (name32: string, name64: string): Print =>
  (printer, node) => {
    const type = node.arguments_[0]?.type;
    const bits = type?.kind === "integer" ? type.bits : 64;
    const [argument] = node.arguments_;
    const text = argument === undefined ? "" : printer.print(argument);
    return `((u32)${bits === 64 ? name64 : name32}((u${bits})${text}))`;
  };

/** A check that stands before what it guards, unless it was proved. */
const checked = (node: ir.IntrinsicNode, text: string): string => (node.check ? `${text}; ` : "");

/** `[start, end)` of a slice; both ends are checked. */
function subSlice(names: readonly string[], node: ir.IntrinsicNode, printer: Printer): string {
  const [slice = "", start = "", end = `${slice}.len`] = names;
  const type = printer.types.name(node.type);
  return `${checked(node, `xl_check_range(${start}, ${end}, ${slice}.len, ${at(node)})`)}(${type}){ ${slice}.ptr + ${start}, ${end} - ${start} }`;
}

/** Whether `value` stays what it is; between types of different sign, its sign has to be looked at as well. */
function fits(node: ir.IntrinsicNode, value: string): string {
  const [from, to] = [node.arguments_[0]?.type, about(node)];
  const isSameSign = from?.kind === "integer" && to.kind === "integer" && from.signed === to.signed;
  return `${isSameSign ? "XL_FITS_SAME_SIGN" : "XL_FITS"}(${integerName(to)}, ${value})`;
}

const table: Readonly<Record<string, Print>> = {
  sliceLength: (printer, node) => {
    const [slice] = node.arguments_;
    return slice === undefined ? "0" : `${printer.print(slice)}.len`;
  },
  stringBytes: plain(
    ([text = ""], node, printer) =>
      `XL_SLICE(${printer.types.name(node.type)}, (u8 *)${text}.ptr, ${text}.len)`,
  ),
  sliceFrom: named(subSlice),
  subSlice: named(subSlice),
  sliceCopy: named(
    ([target = "", source = ""], node, printer) =>
      `${checked(node, `xl_check_copy(${source}.len, ${target}.len, ${at(node)})`)}__builtin_memmove(${target}.ptr, ${source}.ptr, ${source}.len * ${elementSize(printer, node)})`,
  ),
  sliceFill: named(([slice = "", value = ""], node, printer) => {
    const type = about(node);
    if (type.kind === "integer" && type.bits === 8)
      return `__builtin_memset(${slice}.ptr, (u8)${value}, ${slice}.len)`;
    const item = printer.temporary();
    return `for (u64 ${item} = 0; ${item} < ${slice}.len; ${item}++) ${slice}.ptr[${item}] = ${value}`;
  }),
  sliceEquals: named(
    ([a = "", b = ""], node, printer) =>
      `${a}.len == ${b}.len && __builtin_memcmp(${a}.ptr, ${b}.ptr, ${a}.len * ${elementSize(printer, node)}) == 0`,
  ),
  readBytes: named(([slice = "", from = ""], node) => {
    const name = integerName(about(node));
    return `${checked(node, `xl_check_bytes(${from}, sizeof(${name}), ${slice}.len, ${at(node)})`)}xl_load_${name}${node.word}(${slice}.ptr + ${from})`;
  }),
  writeBytes: named(([slice = "", from = "", value = ""], node) => {
    const name = integerName(about(node));
    return `${checked(node, `xl_check_bytes(${from}, sizeof(${name}), ${slice}.len, ${at(node)})`)}xl_store_${name}${node.word}(${slice}.ptr + ${from}, ${value})`;
  }),

  sharedAt: plain(([base = "", index = ""], node) => {
    const type = about(node);
    const length = type.kind === "array" ? type.length : 0;
    const inBounds = node.check ? `xl_index(${index}, ${length}, ${at(node)})` : index;
    return `(&${base}->e[${inBounds}])`;
  }),
  atomicLoad: plain(([target = ""], node, printer) => {
    const type = printer.types.name(about(node));
    return `__atomic_load_n((volatile ${type} *)${target}, ${order(node)})`;
  }),
  atomicStore: plain(([target = "", value = ""], node, printer) => {
    const type = printer.types.name(about(node));
    return `__atomic_store_n((volatile ${type} *)${target}, ${value}, ${order(node)})`;
  }),
  exchange: fetch("__atomic_exchange_n"),
  fetchAdd: fetch("__atomic_fetch_add"),
  fetchAnd: fetch("__atomic_fetch_and"),
  fetchOr: fetch("__atomic_fetch_or"),
  fetchXor: fetch("__atomic_fetch_xor"),
  compareExchange: named(([target = "", expected = "", desired = ""], node, printer) => {
    const type = printer.types.name(about(node));
    return `__atomic_compare_exchange_n((volatile ${type} *)${target}, &${expected}, ${desired}, false, ${order(node)}, XL_FAILURE_${node.word.toUpperCase()})`;
  }),
  sharedOut: plain(([source = "", target = ""], node, printer) =>
    readShared(printer.types, about(node), target, source),
  ),
  sharedIn: plain(
    ([target = "", source = ""], node, printer) =>
      `XL_WRITE_SHARED(${printer.types.storage(about(node))}, ${target}, ${source})`,
  ),
  sharedArrayOut: named(([source = "", target = "", from = ""], node) => {
    const type = about(node);
    const length = type.kind === "array" ? type.length : 0;
    return `${checked(node, `xl_check_bytes(${from}, ${target}.len, ${length}, ${at(node)})`)}xl_copy_shared(${target}.ptr, &${source}->e[${from}], ${target}.len * sizeof(*${target}.ptr))`;
  }),
  sharedArrayIn: named(([target = "", source = "", to = ""], node) => {
    const type = about(node);
    const length = type.kind === "array" ? type.length : 0;
    return `${checked(node, `xl_check_bytes(${to}, ${source}.len, ${length}, ${at(node)})`)}xl_copy_shared(&${target}->e[${to}], ${source}.ptr, ${source}.len * sizeof(*${source}.ptr))`;
  }),

  pointerLoad: plain(([pointer = ""], node) => {
    const target = about(node).kind;
    return target === "struct" || target === "array" ? pointer : `(*${pointer})`;
  }),
  pointerStore: plain(([pointer = "", value = ""]) => `(void)(*${pointer} = ${value})`),
  pointerAdd: plain(([pointer = "", count = ""]) => `(${pointer} + ${count})`),
  pointerCast: plain(([pointer = ""], node, printer) => `((${printer.types.name(node.type)})${pointer})`),
  pointerTarget: plain(([pointer = ""]) => pointer),
  ptr: plain(([address = ""], node, printer) => `((${printer.types.name(node.type)})${address})`),
  structAt: plain(([address = ""], node, printer) => `((${printer.types.name(node.type)})${address})`),
  sharedAtAddress: plain(([address = ""], node, printer) => `((${printer.types.name(node.type)})${address})`),
  functionAt: plain(([address = ""], node, printer) => `((${printer.types.name(node.type)})${address})`),
  sliceAt: plain(([address = "", length = ""], node, printer) => {
    return `((${printer.types.name(node.type)}){ (${printer.types.storage(about(node))} *)${address}, ${length} })`;
  }),
  addressOf: (printer, node) => {
    const [value] = node.arguments_;
    if (value === undefined) return "0";
    const part = value.type.kind === "slice" || value.type.kind === "string" ? ".ptr" : "";
    return `((u64)${printer.print(value)}${part})`;
  },
  bytesOf: plain(
    ([place = ""], node, printer) =>
      `((${printer.types.name(node.type)}){ (u8 *)${place}, ${elementSize(printer, node)} })`,
  ),
  stringOf: plain(([bytes = ""]) => `XL_SLICE(xl_string, ${bytes}.ptr, ${bytes}.len)`),
  symbolAddress: (_printer, node) => `XL_SYMBOL_ADDRESS(${node.word})`,

  has: named(([flags = "", members = ""]) => `(${flags} & ${members}) == ${members}`),
  checked: named(([value = ""], node) => {
    const name = integerName(about(node));
    return `${checked(node, `xl_check_fits(${fits(node, value)}, ${value}, ${at(node)})`)}(${name})${value}`;
  }),
  fits: named(([value = ""], node) => fits(node, value)),
  min: named(([a = "", b = ""]) => `${a} < ${b} ? ${a} : ${b}`),
  max: named(([a = "", b = ""]) => `${a} > ${b} ? ${a} : ${b}`),
  take: plain(([place = ""], node, printer) => {
    const type = printer.types.name(about(node));
    const [pointer, value] = [printer.temporary(), printer.temporary()];
    return `({ ${type} *${pointer} = &${place}; ${type} ${value} = *${pointer}; xl_check_held(${value}, ${at(node)}); *${pointer} = 0; ${value}; })`;
  }),
  held: plain(([place = ""]) => `(${place} != 0)`),
  disown: plain(([value = ""]) => value),
  popCount: builtin("xl_pop_count32", "xl_pop_count64"),
  lowestBit: named(
    ([value = ""], node) =>
      `${checked(node, `xl_check_bits(${value} != 0, ${at(node)})`)}(u32)__builtin_ctzll((u64)${value})`,
  ),
  highestBit: named(([value = ""], node) => {
    const type = node.about;
    const unsigned = type?.kind === "integer" ? `u${type.bits}` : "u64";
    return `${checked(node, `xl_check_bits(${value} != 0, ${at(node)})`)}63u - (u32)__builtin_clzll((u64)(${unsigned})${value})`;
  }),
  byteSwap: plain(([value = ""], node) => {
    const type = about(node);
    const bits = type.kind === "integer" ? type.bits : 64;
    return bits === 8 ? value : castTo(type, `__builtin_bswap${bits}((u${bits})${value})`);
  }),
  rotateLeft: named(([value = "", count = ""], node) => {
    const type = about(node);
    const bits = type.kind === "integer" ? type.bits : 64;
    const u = `(u${bits})${value}`;
    return castTo(
      type,
      `(${u} << (${count} & ${bits - 1})) | (${u} >> ((${bits} - ${count}) & ${bits - 1}))`,
    );
  }),
  multiplyHigh: plain(([a = "", b = ""]) => `((u64)(((unsigned __int128)${a} * ${b}) >> 64))`),

  assert: plain(
    ([condition = ""], node, printer) =>
      `xl_check_assert(${condition}, ${printer.string(node.word)}, ${at(node)})`,
  ),
  unreachable: (_printer, node) => `xl_fail_unreachable(${at(node)})`,
  copy: plain(
    ([target = "", source = ""], node, printer) =>
      `(void)__builtin_memmove(${target}, ${source}, ${elementSize(printer, node)})`,
  ),
  zero: plain(
    ([target = ""], node, printer) => `(void)__builtin_memset(${target}, 0, ${elementSize(printer, node)})`,
  ),
  pieces: plain(([template = ""]) => template),
  buildInfo: () => "((xl_string)XL_TEXT(XL_BUILD_INFO))",
  frameAddress: () => "((u64)__builtin_frame_address(0))",
  readTimestampCounter: () => "xl_read_timestamp_counter()",
  spinHint: () => "__builtin_ia32_pause()",
  fence: (_printer, node) => `__atomic_thread_fence(${order(node)})`,
  compilerBarrier: () => `__asm__ volatile("" ::: "memory")`,
  trap: () => "__builtin_trap()",
  print: plain(([template = ""]) => `xl_print(${template})`),
};
