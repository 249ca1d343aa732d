/** A photo of what is wrong with the goods, sent to its discrepancy report. */

import { each } from "./scan-view.js";

const TAKEN = ["image/jpeg", "image/png", "image/webp"]; // what the server keeps
const MOST_BYTES = 5 * 2 ** 20;
const LONGEST_SIDE = 2_000; // pixels: a dent is seen, and the picture fits
const PATIENCE = 60_000;

/** Send the photo in *input* for the report *id*, and say on the page whether the server kept it. */
export async function sendPhoto(input, id, token) {
  const [file] = input.files;
  input.value = "";
  say("sending");
  const kept = await keepPhoto(file, id, token);
  say(kept ? "kept" : "failed");
  return kept;
}

async function keepPhoto(file, id, token) {
  try {
    const photo = TAKEN.includes(file.type) && file.size <= MOST_BYTES ? file : await smaller(file);
    const response = await fetch(`/api/v1/discrepancies/${id}/photos`, {
      method: "POST",
      headers: { "content-type": photo.type, "x-csrf-token": token },
      body: photo,
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.ok;
  } catch {
    return false; // no picture, no connection, or too slow
  }
}

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(picture.width * scale, picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

function say(state) {
  each("[data-photo]", (line) => (line.hidden = line.dataset.photo !== state));
}
