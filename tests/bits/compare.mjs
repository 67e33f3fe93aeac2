// Compares the digests that WebAssembly computes with the committed table: node compare.mjs MODULE TABLE.
import { readFileSync } from "node:fs";

const [module, committed] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(module), {});
const { start, length, memory } = instance.exports;
const [from, count] = [start(), length()];
const found = new TextDecoder().decode(new Uint8Array(memory.buffer, from, count)).split("\n");
const wanted = readFileSync(committed, "utf8").split("\n");
const differing = wanted.filter((line, n) => line !== found[n]);
if (differing.length > 0 || found.length !== wanted.length) {
  console.error(`WebAssembly gives other bits:\n${differing.join("\n")}\nfound:\n${found.join("\n")}`);
  process.exit(1);
}
console.log(`WebAssembly gives the same bits: ${wanted.length - 2} scenarios`);
