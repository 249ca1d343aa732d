/** A photo of what is wrong with the goods, sent to its discrepancy report. */

const TAKEN = ["image/jpeg", "image/png", "image/webp"]; // what the server keeps
const MOST_BYTES = 5 * 2 ** 20;
const LONGEST_SIDE = 2_000; // pixels: a dent is seen, and the picture fits
const PATIENCE = 60_000;

/** Whether the server kept *file* for the report *id*. */
export async function keepPhoto(id, file, token) {
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
