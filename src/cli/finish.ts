/** A program that has ended must leave nothing open; what does is named after this time, and left behind. */
const graceMs = 5000;

/** Sets the exit status and lets the process end by itself, so that a handle left open is seen and not hidden. */
export function finish(status: number): void {
  process.exitCode = status;
  const timer = setTimeout(() => {
    console.error(`prome-shard: still open at the end: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(status);
  }, graceMs);
  timer.unref();
}
