#!/usr/bin/env node
// Runs the compiler, which is TypeScript, on a Node that cannot strip types itself.
import { register } from "tsx/esm/api";

register();
await import("./cli.ts");
