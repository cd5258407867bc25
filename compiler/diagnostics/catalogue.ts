/** One kind of refusal. `{0}`, `{1}` … stand for names and types. */
export interface CatalogueEntry {
  readonly code: number;
  /** What was expected and what stands there. */
  readonly message: string;
  /** What to write instead. */
  readonly help: string;
}

/**
 * Every diagnostic of the compiler's own; `docs/errors.md` is generated from this file, and each code has a program in
 * `test/compiler/reject` that provokes it. 1xxx: not in the subset. 2xxx: types. 3xxx: structs and layout. 4xxx: memory
 * and lifetimes. 5xxx: contexts and effects. 6xxx: modules and statics.
 */
export const catalogue = {
  syntaxRefused: { code: 1001, message: "{0} is not part of the subset.", help: "{1}" },
  operatorRefused: { code: 1002, message: "The operator `{0}` is not part of the subset.", help: "{1}" },
  assignmentValue: {
    code: 1003,
    message: "An assignment, `++` or `--` is used as a value; it is a statement.",
    help: "Put it on a line of its own.",
  },
  plainEnum: { code: 1004, message: "The enum `{0}` is not const.", help: "Write `const enum {0}`." },
  capture: {
    code: 1005,
    message: "The function captures `{0}` of the function around it.",
    help: "Pass `{0}` as a parameter, or keep it in a struct that is passed.",
  },
  parameterRefused: {
    code: 1006,
    message: "`{0}`: a parameter has a name and a type; it is neither optional, nor a rest, nor a pattern.",
    help: "Give it a default value, or pass a slice or a struct.",
  },
  methodValue: {
    code: 1007,
    message: "The method `{0}` is used as a value; it would capture its object.",
    help: "Pass the object, as its class or as an interface, and call the method there.",
  },
  genericValue: {
    code: 1008,
    message: "`{0}` has type parameters, so it is no value.",
    help: "Write a function without type parameters that calls it.",
  },
  noEffect: {
    code: 1009,
    message: "The statement `{0}` has no effect.",
    help: "Use its value, or remove it.",
  },
  loopNames: {
    code: 1010,
    message: "A `for…of` loop declares one name, or `[index, element]` over `entries()`.",
    help: "Write `for (const element of slice)` or `for (const [index, element] of slice.entries())`.",
  },

  numberType: {
    code: 2001,
    message: "`number` has no machine type.",
    help: "Write one of u8, u16, u32, u64, usize, i8, i16, i32, i64, isize.",
  },
  typeRefused: {
    code: 2002,
    message: "`{0}` is no type or value of the subset.",
    help: "See docs/subset.md for the types there are.",
  },
  annotationMissing: {
    code: 2003,
    message: "The type of {0} is not written.",
    help: "Write `: Type` behind its name.",
  },
  widthUnknown: {
    code: 2004,
    message: "`{0}` is an integer without a width: nothing here says which machine type it has.",
    help: "Annotate the variable (`: u32`), or cast (`as u32`).",
  },
  typeMismatch: {
    code: 2005,
    message: "Expected {0}, got {1}.",
    help: "Convert it by a function or a cast that says what is meant.",
  },
  signednessMixed: {
    code: 2006,
    message: "Signed and unsigned mix here: {0} and {1}.",
    help: "Cast one of them (`as i64`, `as u64`), which keeps the bits.",
  },
  narrowing: {
    code: 2007,
    message: "Expected {0}, got the wider {1}.",
    help: "Truncate with `as {0}`, or stop where it does not fit with `checked<{0}>(…)`.",
  },
  constantTooLarge: {
    code: 2008,
    message: "{0} does not fit {1}.",
    help: "Use a wider type, or cast the constant to truncate it.",
  },
  floatingPoint: {
    code: 2009,
    message: "`{0}` is not an integer literal.",
    help: "There is no floating point; scale to integers.",
  },
  operandType: {
    code: 2010,
    message: "`{0}` does not take {1}.",
    help: "It takes integers of one signedness; compare structs by their fields.",
  },
  nominalArithmetic: {
    code: 2011,
    message: "`{0}` does not take the nominal or flags type {1}.",
    help: "Use the functions of the file that declares it.",
  },
  nominalCast: {
    code: 2012,
    message: "Only the file that declares `{0}` may cast to or from it.",
    help: "Call one of its converters.",
  },
  castRefused: {
    code: 2013,
    message: "{0} cannot be cast to {1}.",
    help: "Casts go between integers, enums and nominal integers.",
  },
  notNullable: {
    code: 2014,
    message: "A value of type {0} is never null.",
    help: "Use a reference, a slice, a string, a function or an interface; or a flag beside it.",
  },
  arrayLength: {
    code: 2015,
    message: "A fixed array's length is a constant, not {0}.",
    help: "Write a literal, or `typeof CONSTANT`.",
  },
  divisionByZero: { code: 2016, message: "`{0}` divides by zero.", help: "Divide by something else." },
  shiftCount: {
    code: 2017,
    message: "The shift count {0} is out of range.",
    help: "Shift by 0 up to the width.",
  },
  noMember: {
    code: 2018,
    message: "`{0}` is no member of {1}.",
    help: "See docs/subset.md for what each type offers.",
  },
  notIndexable: { code: 2019, message: "{0} has no elements.", help: "Index a slice or a fixed array." },
  notCallable: {
    code: 2020,
    message: "{0} cannot be called.",
    help: "Call a function, a method or a function value.",
  },
  notInferred: {
    code: 2022,
    message: "The type argument `{0}` cannot be told from the arguments.",
    help: "Write it: `f<Type>(…)`.",
  },
  notConstant: {
    code: 2023,
    message: "`{0}` is not known at compile time.",
    help: "Use literals, constants and `new` with constant arguments.",
  },
  notExhaustive: {
    code: 2024,
    message: "The switch does not handle {0}.",
    help: "Add the cases, or a `default`.",
  },
  switchSubject: {
    code: 2025,
    message: "A switch is over an integer, an enum, a string or a union's discriminant, not {0}.",
    help: "Write a chain of `if`.",
  },
  notPrintable: {
    code: 2026,
    message: "{0} does not show in a template.",
    help: "Pick an integer, boolean or string of it, or `text(bytes)`.",
  },
  templatePlace: {
    code: 2027,
    message: "A template literal stands only where a parameter of type `Template` takes it.",
    help: "Pass it to a formatter.",
  },
  resultDropped: {
    code: 2028,
    message: "The Result of `{0}` is never looked at.",
    help: "Test `.ok` and handle the error.",
  },
  resultContext: {
    code: 2029,
    message: "Nothing here says which Result `{0}` makes.",
    help: "Return it, or annotate the variable.",
  },
  recordContext: {
    code: 2030,
    message: "Nothing here says which type `{0}` has.",
    help: "Annotate the variable, or the function's result.",
  },
  listContext: {
    code: 2031,
    message: "The array literal `{0}` needs a fixed array or slice type, of values, around it.",
    help: "Annotate the variable.",
  },
  expectedType: { code: 2033, message: "Expected {0}, got {1}.", help: "Pass what is expected." },
  notImplemented: {
    code: 2034,
    message: "{0} does not implement {1}.",
    help: "Add `implements {1}` to the class.",
  },
  methodDiffers: {
    code: 2035,
    message: "The method `{0}` has other machine types than in the interface {1}.",
    help: "Give both the same widths.",
  },
  notAValue: {
    code: 2036,
    message: "`{0}` is not a value.",
    help: "Use a variable, a constant or a function.",
  },
  notAssignable: {
    code: 2037,
    message: "`{0}` cannot be assigned to.",
    help: "Assign to a variable, a field or an element; values are immutable.",
  },
  voidValue: { code: 2038, message: "`{0}` would hold no value.", help: "Call the function as a statement." },
  notIterable: { code: 2039, message: "{0} cannot be iterated.", help: "Iterate a slice or a fixed array." },
  memoryOrder: {
    code: 2040,
    message: "A memory order must be named here: one of {0}.",
    help: "Write it as a literal.",
  },
  indexOutOfBounds: {
    code: 2041,
    message: "Index {0} is out of bounds of {1} elements.",
    help: "Use an index below the length.",
  },
  typeArguments: {
    code: 2042,
    message: "{0} takes {1} type arguments, got {2}.",
    help: "Write one for each parameter.",
  },
  interfaceMember: {
    code: 2043,
    message: "`{0}`: an interface has methods only.",
    help: "Write `name(parameter: Type): Result`.",
  },
  duplicateCase: { code: 2044, message: "The case `{0}` stands twice.", help: "Remove one." },

  classNotMarked: {
    code: 3001,
    message: "The class `{0}` is not marked as a struct.",
    help: "Write `@struct class {0}`.",
  },
  sizeDiffers: {
    code: 3002,
    message: "{0}: expected a size of {1} bytes, got {2}.",
    help: "Check the fields against the header.",
  },
  alignDiffers: {
    code: 3003,
    message: "{0}: expected an alignment of {1} bytes, got {2}.",
    help: "Check the fields against the header.",
  },
  offsetDiffers: {
    code: 3004,
    message: "{0}: expected at offset {1}, got {2}.",
    help: "Check the fields before it against the header.",
  },
  embeddedNotReadonly: {
    code: 3005,
    message: "The embedded field `{0}` is not readonly.",
    help: "Write `readonly {0} = new …`; its contents can still change.",
  },
  arrayFieldNotEmbedded: {
    code: 3006,
    message: "The field `{0}` is a {1} that nobody makes.",
    help: "Write `readonly {0} = new {1}()`.",
  },
  fieldNotSet: {
    code: 3007,
    message: "The field `{0}` starts without a value.",
    help: "Give it an initialiser, or set it in the constructor.",
  },
  valueContainsItself: {
    code: 3008,
    message: "`{0}` contains itself.",
    help: "Refer to it by `{0} | null`.",
  },
  valueField: {
    code: 3009,
    message: "`{0}`: the fields of a value type are `readonly name: Type`.",
    help: "Use a struct class for what changes.",
  },
  noDiscriminant: {
    code: 3010,
    message: "`{0}`: nothing tells these shapes apart.",
    help: "Give each shape a field with a literal of its own, such as `kind`.",
  },
  unionOfValues: {
    code: 3011,
    message: "`{0}`: a union is of object types.",
    help: "Wrap each alternative in an object type with a `kind`.",
  },
  embeddedMisaligned: {
    code: 3012,
    message: "The embedded {0} needs an alignment of {1} bytes, which it does not have here.",
    help: "Mark it packed too, give the struct an `align`, or read it with `bytesOf(…).readU32le(…)` and its like.",
  },

  newPlace: {
    code: 4001,
    message: "`{0}` makes a struct in this function's frame; here it would outlive it or have no name.",
    help: "Write `const name = new …`, pass it as an argument, or embed it in a struct.",
  },
  embeddedAssigned: {
    code: 4002,
    message: "`{0}` is embedded, so it cannot be assigned.",
    help: "Copy the contents: `copy(target, source)`.",
  },
  escapes: {
    code: 4003,
    message: "A reference to `{0}`, which lives in this block, leaves it.",
    help: "Keep the struct where it is used for longer, or copy it.",
  },
  notDisposable: {
    code: 4004,
    message: "{0} has no `[Symbol.dispose]()` method.",
    help: "Add one, or use `const`.",
  },
  notPlainData: {
    code: 4005,
    message: "{0} holds references, which are never null.",
    help: "Set each field.",
  },

  sharedNotPlain: {
    code: 4006,
    message: "{0} cannot be shared: a stranger could write what is no value of it.",
    help: "Share integers, and fixed arrays and structs of integers; judge what was read.",
  },
  unionNotPlain: {
    code: 4007,
    message: "A field of type {0} cannot be in a union: its bytes could be written as something else.",
    help: "Use integers, and fixed arrays and structs of integers.",
  },

  ownedDropped: {
    code: 4008,
    message: "`{0}` still has its owned value here, which would be lost.",
    help: "Give it back or away on every way out; a `Result` that carries one is done with when `ok` is false.",
  },
  ownedGone: {
    code: 4009,
    message: "`{0}` was given away already.",
    help: "An owned value has one owner: look at it before, or take it back.",
  },
  ownedUneven: {
    code: 4010,
    message: "`{0}` was given away on one way to here, and not on another.",
    help: "Give it away on both, or on neither.",
  },
  ownedCopied: {
    code: 4011,
    message: "This would make a second owner of `{0}`.",
    help: "Take it out of its place: `take(place)`. A parameter that only looks is `Borrowed<…>`.",
  },
  ownedInUnion: {
    code: 4012,
    message: "{0} carries an owned value, and cannot be kept in memory.",
    help: "Keep the handle itself: a field or element of the owned type, which is vacant or has one.",
  },
  takeOfVariable: {
    code: 4013,
    message: "`{0}` is no field, element or module-level variable, and needs no `take`.",
    help: "Give a variable away by its name.",
  },
  ownedOnStack: {
    code: 4014,
    message: "{0} has places for owned values, and this one ends with its function: they would be lost.",
    help: "Keep it in a module-level variable, a pool or the heap; a function that needs one owned value has it in a variable.",
  },

  contextBlocks: {
    code: 5001,
    message: "`{0}` {1}, and is reached from `{2}`, which runs in an interrupt context.",
    help: "Hand the work to a task, and only wake it here.",
  },

  moduleCode: {
    code: 6001,
    message: "Code at module level would run before the entry function.",
    help: "Move it into a function.",
  },
  constantCycle: { code: 6002, message: "The constant `{0}` depends on itself.", help: "Break the circle." },
  staticNotSet: {
    code: 6003,
    message: "The module-level variable `{0}` starts without a value.",
    help: "Give it a constant initialiser.",
  },
  staticStorageConst: {
    code: 6004,
    message: "`{0}` holds a struct in place, so it is not rebound.",
    help: "Write `const {0}`; its contents can still change.",
  },
  externalNeedsUnsafe: {
    code: 6005,
    message: "`{0}` names a symbol of assembly.",
    help: "Import something of `xenlet:unsafe` in this file.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosticName = keyof typeof catalogue;
