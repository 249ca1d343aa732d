/**
 * Scans on their way to the server: each is kept on the device until it is answered, and they are
 * sent in order, one at a time.  A scan that may or may not have arrived is sent again with the
 * same id; the server answers it once.
 */

const FIRST_PAUSE = 500; // milliseconds, doubled after each failure
const LONGEST_PAUSE = 8_000;
const PATIENCE = 10_000;
const PREFIX = "scans/";

export class SignedOut extends Error {}
export class PageTooOld extends Error {}

/** A UUIDv7.  crypto.randomUUID is missing on plain HTTP, and version 7 keeps the index in order. */
function newId() {
  const time = Date.now().toString(16).padStart(12, "0");
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  bytes[0] = 0x70 | (bytes[0] & 0x0f); // version 7
  bytes[2] = 0x80 | (bytes[2] & 0x3f); // variant of RFC 9562
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return (time + random).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The name under which the server keeps this device's scans, where it was not enrolled. */
function ownName() {
  localStorage.device ??= `browser-${newId().slice(-8)}`;
  return localStorage.device;
}

export class ScanQueue {
  /**
   * @param {{person: string, device: string, token: () => string}} whose
   * @param {{changed: () => void, answered: (scan, answer) => void}} tell
   */
  constructor({ person, device, token }, tell) {
    this.key = PREFIX + person; // never sent as somebody else's
    this.device = device || ownName();
    this.token = token;
    this.tell = tell;
    this.away = false;
    addEventListener("online", () => this.wake?.());
  }

  /** Read anew each time: another tab, or this page before a reload, may have written it. */
  get waiting() {
    return JSON.parse(localStorage[this.key] ?? "[]");
  }

  get othersWait() {
    const others = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    return others.some((key) => key !== this.key && localStorage[key] !== "[]");
  }

  /** Keep *barcode* exactly as it was typed, then send it.  Throws if the device is full. */
  add(barcode) {
    const sequence = Number(localStorage.sequence ?? 0) + 1;
    const scanned_at = new Date().toISOString();
    const scan = { scan_id: newId(), barcode, device: this.device, scanned_at, sequence };
    localStorage[this.key] = JSON.stringify([...this.waiting, scan]);
    localStorage.sequence = sequence;
    this.tell.changed();
  }

  /** Send what waits, until nothing does.  Throws SignedOut or PageTooOld; the scans stay. */
  async drain() {
    if (this.draining) return;
    this.draining = true;
    try {
      let pause = FIRST_PAUSE;
      for (let scan; ([scan] = this.waiting) && scan; ) {
        const answer = await this.send(scan);
        this.away = answer === null;
        if (this.away) {
          this.tell.changed();
          await this.rest(pause);
          pause = Math.min(2 * pause, LONGEST_PAUSE);
        } else {
          pause = FIRST_PAUSE;
          const left = this.waiting.filter((each) => each.scan_id !== scan.scan_id);
          localStorage[this.key] = JSON.stringify(left);
          this.tell.answered(scan, answer);
        }
      }
    } finally {
      this.draining = false;
    }
  }

  /** The answer to *scan*; null if nobody knows whether it arrived. */
  async send(scan) {
    let response, body;
    try {
      response = await fetch("/api/v1/scans", {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": this.token() },
        body: JSON.stringify(scan),
        signal: AbortSignal.timeout(PATIENCE),
      });
      body = await response.json();
    } catch {
      return null; // no connection, too slow, or cut off half-way
    }
    if (response.ok) return body;
    if (response.status === 401) throw new SignedOut();
    if (body.type === "/problems/not-from-here") throw new PageTooOld();
    if (response.status >= 500 || [408, 425, 429].includes(response.status)) return null;
    // Refused for good: the scan itself cannot be taken.  The problem speaks one language.
    return { tone: "refused", message: { code: body.type, th: body.title, en: body.title } };
  }

  /** Wait *pause* milliseconds, or until the connection is back. */
  rest(pause) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, pause);
    });
  }
}
