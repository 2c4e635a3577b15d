const lookEveryMs = 1000;

/** Calls `changed` after each time that somebody set the machine's clock, by more than the clock's own slow corrections. Returns the end of it. */
export function whenClockSet(changed: () => void): () => void {
  let before = aheadMs();
  const timer = setInterval(() => {
    const ahead = aheadMs();
    if (Math.abs(ahead - before) > lookEveryMs) changed();
    before = ahead;
  }, lookEveryMs);
  return () => clearInterval(timer);
}

/** How far the machine's clock is ahead of one that nobody sets. */
function aheadMs(): number {
  return Date.now() - performance.now();
}
