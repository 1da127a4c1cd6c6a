// Runs programs in Node: a line of JSON for each, and one for its answer.
// A program is the body of an async function, which finds its names in the line and may `return`.
import { createInterface } from "node:readline";
import Replicate, { validateWebhook } from "replicate";
import { createReplicate } from "@ai-sdk/replicate";
import { generateImage } from "ai";

const Program = (async () => {}).constructor;
const clients = { Replicate, validateWebhook, createReplicate, generateImage };

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const names = { ...clients, ...asked.names };
  let answer;
  try {
    const program = new Program(...Object.keys(names), asked.program);
    answer = { told: (await program(...Object.values(names))) ?? null };
  } catch (error) {
    answer = { raised: error.name, message: String(error.message) };
  }
  console.log(JSON.stringify(answer));
}
