/** What a failed connection says. A host with several addresses gives several reasons, and Node's own message is then empty. */
export function networkMessage(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(networkMessage).join(', ');
  return error instanceof Error ? error.message || error.name : String(error);
}
