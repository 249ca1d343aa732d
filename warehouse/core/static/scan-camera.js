/**
 * The camera as a scanner, where there is no other: the browser's own BarcodeDetector, or ZXing in
 * WebAssembly, which is fetched only when the camera is first wanted.
 */

import { at } from "./scan-view.js";

const FORMATS = [
  "code_128", "code_39", "data_matrix", "ean_13", "ean_8", "itf", "pdf417", "qr_code", "upc_a",
];
const PAUSE = 100; // milliseconds between two looks
const FORGOTTEN = 1_500; // out of sight for so long, a code counts as scanned anew

let detector; // made once

async function makeDetector() {
  const native = globalThis.BarcodeDetector;
  const known = (await native?.getSupportedFormats()) ?? [];
  const able = FORMATS.every((format) => known.includes(format));
  const Detector = able ? native : (await import("./vendor/ponyfill.js")).BarcodeDetector;
  return new Detector({ formats: FORMATS });
}

/** The code in *image* that is nearest to its middle, at *x* and *y*; undefined if there is none. */
async function codeIn(image, x, y) {
  detector ??= makeDetector();
  const codes = await (await detector).detect(image);
  const far = ({ boundingBox: box }) =>
    Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
  return codes.sort((one, other) => far(one) - far(other))[0]?.rawValue;
}

/** The code in the picture *file*. */
export async function codeInPicture(file) {
  const picture = await createImageBitmap(file);
  return codeIn(picture, picture.width / 2, picture.height / 2);
}

/** Looks through the camera into `#camera`, and calls *seen* once for each code held before it. */
export class Camera {
  constructor(seen) {
    this.seen = seen;
    document.addEventListener("visibilitychange", () => document.hidden && this.close());
  }

  toggle() {
    if (this.stream) this.close();
    else this.open();
  }

  /** Where browser or clerk keep the camera shut, a picture of the code is asked for. */
  async open() {
    this.show(true);
    try {
      const wanted = { video: { facingMode: "environment", width: { ideal: 1280 } } };
      this.stream = await navigator.mediaDevices.getUserMedia(wanted);
      at("camera-view").srcObject = this.stream;
      await at("camera-view").play();
      this.look(this.stream);
    } catch {
      this.close();
      at("no-camera").hidden = false;
    }
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    at("camera-view").srcObject = null;
    this.show(false);
  }

  show(shown) {
    at("camera").hidden = !shown;
    at("no-camera").hidden = true;
    document.querySelector("[data-tool=camera]").ariaPressed = shown;
  }

  async look(stream) {
    const video = at("camera-view");
    const lastSeen = new Map();
    let before;
    while (this.stream === stream) {
      const code = await codeIn(video, video.videoWidth / 2, video.videoHeight / 2);
      const now = performance.now();
      const twice = code && code === before; // one look may misread
      if (twice && !(now - lastSeen.get(code) < FORGOTTEN)) this.seen(code);
      if (twice) lastSeen.set(code, now);
      before = code;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
