// Makes a picture with the Replicate provider of the AI SDK, as its documents do.
import { createReplicate } from "@ai-sdk/replicate";
import { generateImage } from "ai";

const replicate = createReplicate({ baseURL: process.env.REPLICATE_BASE_URL });
try {
  const { image } = await generateImage({
    model: replicate.image("black-forest-labs/flux-schnell"),
    prompt: "a lighthouse at dusk",
  });
  console.log(image.uint8Array.length);
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exit(1);
}
process.exit(0);
