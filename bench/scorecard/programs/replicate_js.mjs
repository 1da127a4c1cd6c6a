// Makes two pictures with the official JavaScript client, as its README does.
import Replicate from "replicate";

const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL });
try {
  const made = await replicate.run("black-forest-labs/flux-schnell", {
    input: { prompt: "a lighthouse at dusk", num_outputs: 2, output_format: "png" },
  });
  for (const output of Array.isArray(made) ? made : [made]) {
    // Plain HTTP is no file to the client, which gives its address then.
    console.log(output?.blob ? (await (await output.blob()).arrayBuffer()).byteLength : output);
  }
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
}
process.exit(0);
