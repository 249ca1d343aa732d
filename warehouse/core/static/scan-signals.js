/** How an answer sounds, shakes and flashes: the eyes are on the parcel, the hall is noisy. */

// [hertz, seconds, wave] one after the other; the refusal is long, low and harsh.
const TONES = {
  good: [[1320, 0.09, "sine"]],
  warning: [[880, 0.12, "triangle"], [880, 0.12, "triangle"]],
  refused: [[196, 0.7, "sawtooth"]],
};
const SHAKES = { good: [50], warning: [90, 70, 90], refused: [600] }; // milliseconds
const GAP = 0.07; // seconds

let audio; // made at the first answer: browsers allow sound only after a key or a finger
let free = 0; // when the last tone ends: answers of a burst are heard one by one

export const silence = {
  get on() {
    return localStorage.silent === "yes";
  },
  toggle() {
    localStorage.silent = this.on ? "no" : "yes";
  },
};

/** Make *tone* known; *panel* flashes instead of sounding in silent mode. */
export function signal(tone, panel) {
  navigator.vibrate?.(SHAKES[tone]);
  if (silence.on) flash(panel, TONES[tone].length + (tone === "refused"));
  else sound(TONES[tone]);
}

export function tryAll(panel) {
  Object.keys(TONES).forEach((tone, turn) => setTimeout(signal, turn * 900, tone, panel));
}

function sound(notes) {
  audio ??= new AudioContext();
  audio.resume();
  free = Math.max(free, audio.currentTime);
  for (const [hertz, seconds, wave] of notes) {
    const note = new OscillatorNode(audio, { type: wave, frequency: hertz });
    note.connect(audio.destination);
    note.start(free);
    note.stop(free + seconds);
    free += seconds + GAP;
  }
}

/** At most two flashes a second: more than three may cause seizures (WCAG 2.3.1). */
function flash(panel, times) {
  panel.animate({ opacity: [1, 0.1, 1] }, { duration: 500, iterations: times });
}
