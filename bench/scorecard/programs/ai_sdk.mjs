// Makes one picture with the Replicate provider of the AI SDK, as its documents do.
import { createReplicate } from "@ai-sdk/replicate";
import { generateImage } from "ai";

const replicate = createReplicate({ baseURL: process.env.REPLICATE_BASE_URL });
let told;
try {
  const { image } = await generateImage({
    model: replicate.image("black-forest-labs/flux-kontext-pro"),
    prompt: "a lighthouse at dusk",
  });
  told = { picture: image.base64 };
} catch (error) {
  told = { raised: error.name, message: String(error.message) };
}
console.log(JSON.stringify(told));
process.exit(0);
