// Makes one picture with the official JavaScript client, as its README does.
import Replicate from "replicate";

const replicate = new Replicate({ baseUrl: process.env.REPLICATE_BASE_URL });
let told;
try {
  let made = await replicate.run("black-forest-labs/flux-kontext-pro", {
    input: { prompt: "a lighthouse at dusk" },
  });
  // Plain HTTP is no file to the client, so its address is looked up here.
  if (typeof made === "string" && made.startsWith("http://")) made = await fetch(made);
  told = made?.blob
    ? { picture: Buffer.from(await (await made.blob()).arrayBuffer()).toString("base64") }
    : { returned: JSON.stringify(made) ?? "undefined" };
} catch (error) {
  told = { raised: error.name, message: String(error.message) };
}
console.log(JSON.stringify(told));
process.exit(0);
