/**
 * Scans on their way to the server: each is kept on the device until it is answered, and they are
 * sent in order, one at a time; what waited out an outage goes together.  A scan that may or may
 * not have arrived is sent again with the same id; the server answers it once.
 */

import { ScanStore } from "./scan-store.js";

const FIRST_PAUSE = 500; // milliseconds, doubled after each failure
const LONGEST_PAUSE = 8_000;
const PATIENCE = 10_000; // for one scan; longer than that, and the clerk has walked on
const PATIENCE_TOGETHER = 60_000;
const FEW = 3; // so many that waited are still sent one by one
const MOST = 500; // the longest batch that the server takes

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

/** *scan* as it is sent: whoever made it long ago does not stand before the goods any more. */
function asSent(scan) {
  const late = Date.now() - Date.parse(scan.scanned_at) > PATIENCE;
  return { ...scan, waited: scan.waited || late };
}

/** A scan that cannot be taken, as an answer.  The problem speaks one language. */
function asAnswer({ type, title }) {
  return { tone: "refused", message: { code: type, th: title, en: title, zh: title } };
}

export class ScanQueue {
  /**
   * @param {{person: string, device: string, token: () => string}} whose
   * @param {{changed: () => void, answered: (scans, answers) => void}} tell
   */
  constructor({ person, device, token }, tell) {
    this.store = new ScanStore(person);
    this.device = device || ownName();
    this.token = token;
    this.tell = tell;
    this.away = false; // the network is gone, as far as this device knows
    addEventListener("online", () => this.turn(false));
    addEventListener("offline", () => this.turn(true));
  }

  /** Throws Damaged. */
  get waiting() {
    return this.store.scans;
  }

  /** The device says that its connection went or came. */
  turn(away) {
    this.away = away;
    if (!away) this.wake?.();
    this.tell.changed();
  }

  /** Keep *barcode* exactly as it was typed, to be sent.  Throws if the device is full. */
  add(barcode) {
    const sequence = (Number(localStorage.sequence) || 0) + 1;
    const scanned_at = new Date().toISOString();
    const { device, away: waited } = this;
    this.store.add({ scan_id: newId(), barcode, device, scanned_at, sequence, waited });
    localStorage.sequence = sequence;
    this.tell.changed();
  }

  /** Send what waits, until nothing does.  Throws SignedOut or PageTooOld; the scans stay. */
  async drain() {
    if (this.draining) return;
    this.draining = true;
    this.together = true;
    try {
      let pause = FIRST_PAUSE;
      for (let scans; (scans = this.next()).length; ) {
        const answers = await this.send(scans);
        this.away = answers === null;
        if (this.away) {
          this.tell.changed();
          await this.rest(pause);
          pause = Math.min(2 * pause, LONGEST_PAUSE);
          if (!this.waiting.length) this.away = false; // another tab sent them
        } else {
          pause = FIRST_PAUSE;
          const taken = scans.slice(0, answers.length);
          taken.forEach((scan) => this.store.remove(scan));
          if (taken.length) this.tell.answered(taken, answers);
        }
      }
    } finally {
      this.draining = false;
    }
  }

  /** What goes next: the first scan, or all those in front that waited out an outage. */
  next() {
    const waiting = this.waiting;
    const fresh = waiting.findIndex((scan) => !scan.waited);
    const waited = fresh < 0 ? waiting.length : fresh;
    return waiting.slice(0, this.together && waited > FEW ? Math.min(waited, MOST) : 1);
  }

  /** The answers to *scans*, in order; null if nobody knows whether they arrived. */
  async send(scans) {
    const [first, ...more] = scans.map(asSent);
    const batch = more.length > 0;
    const sent_at = new Date().toISOString();
    const [address, content, patience] = batch
      ? ["/api/v1/scans:batch", { scans: [first, ...more], sent_at }, PATIENCE_TOGETHER]
      : ["/api/v1/scans", first, PATIENCE];
    let response, body;
    try {
      response = await fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": this.token() },
        body: JSON.stringify(content),
        signal: AbortSignal.timeout(patience),
      });
      body = await response.json();
    } catch {
      return null; // no connection, too slow, or cut off half-way
    }
    if (response.ok && !batch) return [body];
    if (response.ok) return body.answers.map((each) => (each.tone ? each : asAnswer(each)));
    if (response.status === 401) throw new SignedOut();
    if (body.type === "/problems/not-from-here") throw new PageTooOld();
    if (response.status >= 500 || [408, 425, 429].includes(response.status)) return null;
    this.together = false; // one scan among them cannot be taken: find it one by one
    return batch ? [] : [asAnswer(body)];
  }

  /** Wait *pause* milliseconds, or until the connection is back. */
  rest(pause) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, pause);
    });
  }
}
