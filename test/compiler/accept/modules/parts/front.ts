export { base } from "./numbers.ts";
export { triple as thrice } from "./triple.ts";
