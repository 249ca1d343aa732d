/** The board renews itself while somebody looks at it; a button stops that (WCAG 2.2.2). */

const EVERY = 15_000; // milliseconds
const pause = document.getElementById("pause");
const stopped = () => pause.getAttribute("aria-pressed") === "true";

async function renew() {
  if (stopped() || document.hidden) return;
  try {
    const response = await fetch("/board", { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    const open = document.querySelector("#board details")?.open;
    document.getElementById("board").replaceWith(fresh.getElementById("board"));
    if (open) document.querySelector("#board details").open = true;
  } catch {
    // Without a connection the board stays as it is, and says of when it is.
  }
}

pause.addEventListener("click", () => pause.setAttribute("aria-pressed", !stopped()));
setInterval(renew, EVERY);
