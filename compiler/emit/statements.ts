/** IR statements → C statements. */
import type * as ir from "../ir/ir.ts";
import { hasEffects, isRepeatable, isStable } from "../ir/order.ts";
import { isOwned } from "../types/contents.ts";
import type { IntegerType } from "../types/type.ts";
import { arithmetic } from "./arithmetic.ts";
import type { ExpressionPrinter } from "./expressions.ts";
import { localName } from "./parts.ts";
import { cIdentifier } from "./types.ts";
import { placeText, type Writer } from "./writer.ts";

/** Prints the statements of one function. */
export class StatementPrinter {
  readonly #writer: Writer;
  readonly #expressions: ExpressionPrinter;
  /** What C's `break` and `continue` would leave, innermost last. */
  readonly #open: ir.Target[] = [];
  /** Targets that need a label, since a jump goes further out than C's own. */
  readonly #labels = new Set<string>();

  constructor(writer: Writer, expressions: ExpressionPrinter) {
    this.#writer = writer;
    this.#expressions = expressions;
  }

  body(statements: readonly ir.Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #statement(node: ir.Statement): void {
    const writer = this.#writer;
    if (node.op === "block") {
      writer.block("", () => {
        this.body(node.body);
      });
      if (node.target !== undefined) this.#label("break", node.target);
      return;
    }
    writer.at(node.at);
    if (node.op === "let") {
      this.#let(node);
      return;
    }
    const head = this.#head(node);
    const slots = this.#expressions.takeSlots();
    if (slots.length === 0) {
      this.#finish(node, head);
      return;
    }
    // A block of its own, so that the memory is free for the next statement.
    writer.block("", () => {
      for (const slot of slots) writer.line(slot);
      this.#finish(node, head);
    });
  }

  /** The expressions that a statement starts with. */
  #head(node: Exclude<ir.Statement, ir.LetStatement | ir.BlockStatement>): string {
    switch (node.op) {
      case "assign":
      case "update":
      case "expression":
        return this.#simple(node);
      case "if":
        return this.#expressions.print(node.condition);
      case "loop":
        return node.condition === undefined ? "" : this.#expressions.print(node.condition);
      case "forOf":
        return this.#expressions.print(node.sequence);
      case "switch":
        return this.#subject(node);
      case "return":
        return node.value === undefined ? "" : this.#expressions.print(node.value);
      case "break":
      case "continue":
        return "";
    }
  }

  #finish(node: Exclude<ir.Statement, ir.LetStatement | ir.BlockStatement>, head: string): void {
    switch (node.op) {
      case "assign":
      case "update":
      case "expression":
        this.#writer.line(`${head};`);
        return;
      case "if":
        this.#if(node, head);
        return;
      case "loop":
        this.#loop(node, head);
        return;
      case "forOf":
        this.#forOf(node, head);
        return;
      case "switch":
        this.#switch(node, head);
        return;
      case "return":
        this.#return(node, head);
        return;
      case "break":
      case "continue":
        this.#jump(node);
    }
  }

  #let(node: ir.LetStatement): void {
    const { types } = this.#expressions;
    const name = localName(node.local);
    const type = types.name(node.local.type);
    const cleanup =
      node.dispose === undefined ? "" : ` __attribute__((cleanup(${disposeName(node.dispose)})))`;
    const value = node.value === undefined ? "" : ` = ${this.#expressions.print(node.value)}`;
    for (const slot of this.#expressions.takeSlots()) this.#writer.line(slot);
    this.#writer.line(`${type} ${name}${cleanup}${value};`);
  }

  #simple(node: ir.AssignStatement | ir.UpdateStatement | ir.ExpressionStatement): string {
    const printer = this.#expressions;
    if (node.op === "expression")
      return node.value.type.kind === "void"
        ? printer.print(node.value)
        : `(void)${printer.print(node.value)}`;
    if (node.op === "assign" && isOwned(node.target.type) && node.target.op !== "local")
      return this.#give(node);
    if (node.op === "assign" && !hasEffects(node.target) && !hasEffects(node.value)) {
      return `${printer.print(node.target)} = ${printer.print(node.value)}`;
    }
    const { lines, text } = this.#place(node.target);
    const value = node.op === "assign" ? printer.print(node.value) : this.#updated(node, text, lines);
    const whole = `${text} = ${value}`;
    return lines.length === 0 ? whole : `({ ${lines.join(" ")} ${whole}; (void)0; })`;
  }

  /** An owned value goes into a place that must be vacant. */
  #give(node: ir.AssignStatement): string {
    const printer = this.#expressions;
    const { lines, text } = this.#place(node.target);
    const value = printer.temporary();
    lines.push(`${printer.types.name(node.target.type)} ${value} = ${printer.print(node.value)};`);
    return `({ ${lines.join(" ")} xl_check_vacant(${text}, ${placeText(node.at)}); ${text} = ${value}; (void)0; })`;
  }

  /** The old value is read before the operand's effects, as TypeScript has it. */
  #updated(node: ir.UpdateStatement, text: string, lines: string[]): string {
    const printer = this.#expressions;
    const type = node.target.type as IntegerType;
    let old = text;
    if (hasEffects(node.value) && node.target.op !== "local") {
      old = printer.temporary();
      lines.push(`${printer.types.name(type)} ${old} = ${text};`);
    }
    return arithmetic(node.operator, type, old, printer.print(node.value), node.value, node.check, node.at);
  }

  /** A place whose parts are evaluated once, before anything else. */
  #place(node: ir.Expression): { readonly lines: string[]; readonly text: string } {
    const printer = this.#expressions;
    const lines: string[] = [];
    const once = (part: ir.Expression): string => {
      if (isStable(part) && isRepeatable(part)) return printer.print(part);
      const name = printer.temporary();
      lines.push(`${printer.types.name(part.type)} ${name} = ${printer.print(part)};`);
      return name;
    };
    if (node.op === "field") {
      const text = `${once(node.base)}->${cIdentifier(node.field)}`;
      return { lines, text };
    }
    if (node.op !== "element") return { lines, text: printer.print(node) };
    const base = once(node.base);
    const index = printer.temporary();
    const target = node.base.type.kind === "reference" ? node.base.type.target : undefined;
    const length = target?.kind === "array" ? String(target.length) : `${base}.len`;
    const value = printer.print(node.index);
    lines.push(
      `u64 ${index} = ${node.check ? `xl_index(${value}, ${length}, ${placeText(node.at)})` : value};`,
    );
    return { lines, text: `${base}${target === undefined ? ".ptr" : "->e"}[${index}]` };
  }

  #if(node: ir.IfStatement, condition: string): void {
    const { otherwise } = node;
    const then = (): void => {
      this.body(node.then);
    };
    this.#writer.block(`if (${bare(condition)})`, then, otherwise === undefined ? "}" : "");
    if (otherwise === undefined) return;
    this.#writer.block("} else", () => {
      this.body(otherwise);
    });
  }

  #loop(node: ir.LoopStatement, condition: string): void {
    const step = node.update.map((update) => this.#simple(update as ir.AssignStatement)).join(", ");
    const slots = this.#expressions.takeSlots();
    const write = (): void => {
      for (const slot of slots) this.#writer.line(slot);
      const head = node.bodyFirst
        ? "do"
        : node.update.length > 0 || node.condition === undefined
          ? `for (; ${condition}; ${step})`
          : `while (${bare(condition)})`;
      this.#inside(
        node.target,
        head,
        () => {
          this.body(node.body);
        },
        node.bodyFirst ? `} while (${condition === "" ? "true" : bare(condition)});` : "}",
      );
    };
    if (node.initial.length === 0) {
      write();
      return;
    }
    this.#writer.block("", () => {
      this.body(node.initial);
      write();
    });
  }

  /** A C loop; labels are written only where a jump wants them. */
  #inside(target: ir.Target, head: string, body: () => void, tail = "}"): void {
    this.#open.push(target);
    this.#writer.block(
      head,
      () => {
        body();
        if (target.kind === "loop") this.#label("continue", target);
      },
      tail,
    );
    this.#open.pop();
    this.#label("break", target);
  }

  #label(kind: "break" | "continue", target: ir.Target): void {
    const name = `${kind}_${target.id}`;
    if (this.#labels.has(name)) this.#writer.line(`${name}:;`);
  }

  #forOf(node: ir.ForOfStatement, sequenceText: string): void {
    const printer = this.#expressions;
    const sequence = printer.temporary();
    const walk =
      node.index === undefined ? this.#pointerWalk(sequence) : indexWalk(sequence, localName(node.index));
    const type = printer.types.name(node.element.type);
    this.#writer.block("", () => {
      this.#writer.line(`${printer.types.name(node.sequence.type)} ${sequence} = ${sequenceText};`);
      this.#inside(node.target, walk.head, () => {
        this.#writer.line(`${type} ${localName(node.element)} = ${node.embedded ? "&" : ""}${walk.place};`);
        this.body(node.body);
      });
    });
  }

  /** Without a counter: some C compilers would keep one beside the pointer. */
  #pointerWalk(sequence: string): Walk {
    const here = this.#expressions.temporary();
    const end = this.#expressions.temporary();
    // An empty slice may be a null pointer, to which C cannot even add 0.
    const start = `${here} = ${sequence}.ptr, ${end} = ${sequence}.len == 0 ? ${here} : ${here} + ${sequence}.len`;
    return {
      head: `for (__typeof__(${sequence}.ptr) ${start}; ${here} != ${end}; ${here}++)`,
      place: `(*${here})`,
    };
  }

  #switch(node: ir.SwitchStatement, subject: string): void {
    this.#inside(node.target, `switch (${subject})`, () => {
      let number = 0;
      for (const one of node.cases) {
        for (const test of one.tests) {
          this.#writer.line(
            `case ${test.op === "string" ? String(number++) : this.#expressions.print(test)}:`,
          );
        }
        if (one.isDefault) this.#writer.line("default:");
        this.#writer.block("", () => {
          this.body(one.body);
        });
      }
      if (!node.exhaustive) return;
      this.#writer.line("break;"); // the last case ends the switch, whether it says so or not
      this.#writer.line(`default: xl_fail_unreachable(${placeText(node.at)});`);
    });
  }

  /** Texts are numbered in the order of the cases. */
  #subject(node: ir.SwitchStatement): string {
    const { subject } = node;
    const printer = this.#expressions;
    if (subject.op === "tag") return `${printer.print(subject.base)}.tag`;
    if (subject.type.kind !== "string") return printer.print(subject);
    const texts = node.cases.flatMap((one) => one.tests).map((test) => printer.print(test));
    return printer.named(
      subject,
      (name) => `(${texts.map((text, i) => `xl_string_equal(${name}, ${text}) ? ${i} : `).join("")}-1)`,
    );
  }

  #return(node: ir.ReturnStatement, value: string): void {
    const kind = node.value?.type.kind;
    if (kind === "void" || kind === "never") this.#writer.line(`${value};`);
    if (kind === undefined || kind === "void") this.#writer.line("return;");
    else if (kind !== "never") this.#writer.line(`return ${value};`);
  }

  #jump(node: ir.JumpStatement): void {
    const { target } = node;
    const innermost =
      node.op === "break"
        ? this.#open[this.#open.length - 1]
        : this.#open.findLast((open) => open.kind === "loop");
    if (innermost === target) {
      this.#writer.line(`${node.op};`);
      return;
    }
    const name = `${node.op}_${target.id}`;
    this.#labels.add(name);
    this.#writer.line(`goto ${name};`);
  }
}

/** How a C loop goes over the elements of a sequence. */
interface Walk {
  readonly head: string;
  readonly place: string;
}

function indexWalk(sequence: string, index: string): Walk {
  const head = `for (u64 ${index} = 0; ${index} < ${sequence}.len; ${index}++)`;
  return { head, place: `${sequence}.ptr[${index}]` };
}

/** A condition without the parentheses that a comparison brings along; compilers take them for a slip. */
function bare(text: string): string {
  let depth = 0;
  for (const [i, character] of [...text].entries()) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth === 0 && i < text.length - 1) return text;
  }
  return text.startsWith("(") && !text.startsWith("({") ? text.slice(1, -1) : text;
}

/** The function that C calls when a `using` variable leaves its block. */
export function disposeName(dispose: ir.Function_): string {
  return `cleanup_${cIdentifier(dispose.cName)}`;
}
