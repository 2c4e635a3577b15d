/** The index of the next blocking query: what was received, but 0 when it went backwards (start anew), and else at least 1. */
export function nextIndex(previous: bigint, received: bigint): bigint {
  if (received < previous) return 0n;
  return received < 1n ? 1n : received;
}
