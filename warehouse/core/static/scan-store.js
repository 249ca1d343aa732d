/**
 * What waits on this device: one entry of localStorage for each scan, a fingerprint before it, so
 * that two tabs never write over each other.  An entry whose fingerprint does not fit is damaged:
 * then nothing is read and nothing is added until somebody says so.
 */

const PREFIX = "scans/";
const ASIDE = "damaged/";
const DIGITS = 8; // of a fingerprint

export class Damaged extends Error {}

/** FNV-1a: crypto.subtle is missing on plain HTTP, and nobody forges a queue of their own. */
function fingerprint(text) {
  let sum = 0x811c9dc5;
  for (const letter of text) sum = Math.imul(sum ^ letter.codePointAt(), 0x01000193);
  return (sum >>> 0).toString(16).padStart(DIGITS, "0");
}

const fits = (kept) => kept.slice(0, DIGITS) === fingerprint(kept.slice(DIGITS));

/** In the order of the trigger; two tabs may have counted the same. */
function inOrder(one, other) {
  return one.sequence - other.sequence || (one.scan_id < other.scan_id ? -1 : 1);
}

export class ScanStore {
  constructor(person) {
    this.prefix = `${PREFIX}${person}/`; // never sent as somebody else's
  }

  /** Names of this person's entries. */
  get keys() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
  }

  /** The scans in the order of the trigger.  Throws Damaged. */
  get scans() {
    const kept = this.keys.map((key) => localStorage[key] ?? ""); // "": another tab sent it just now
    const waiting = kept.filter((entry) => entry);
    if (!waiting.every(fits)) throw new Damaged();
    return waiting.map((entry) => JSON.parse(entry.slice(DIGITS))).sort(inOrder);
  }

  get othersWait() {
    const others = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    return others.some((key) => !key.startsWith(this.prefix));
  }

  /** Throws if the device is full. */
  add(scan) {
    const text = JSON.stringify(scan);
    localStorage[this.prefix + scan.scan_id] = fingerprint(text) + text;
  }

  remove({ scan_id }) {
    localStorage.removeItem(this.prefix + scan_id);
  }

  /** Everything as it stands, for somebody who can read what is left of it. */
  copy() {
    return JSON.stringify(Object.fromEntries(this.keys.map((key) => [key, localStorage[key]])), null, 1);
  }

  /** Put the damaged entries where they are kept and not read; those that are whole stay. */
  setDamagedAside() {
    for (const key of this.keys.filter((each) => !fits(localStorage[each]))) {
      localStorage[ASIDE + key] = localStorage[key];
      localStorage.removeItem(key);
    }
  }
}
