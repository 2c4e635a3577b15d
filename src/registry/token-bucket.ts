export interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface BucketOptions {
  readonly burst: number;
  /** One token more after this long. */
  readonly everyMs: number;
}

/** Takes one token at `nowMs`: the bucket afterwards, and how long to wait before what the token was for. */
export function takeToken(
  bucket: Bucket,
  nowMs: number,
  { burst, everyMs }: BucketOptions,
): { readonly bucket: Bucket; readonly waitMs: number } {
  const grown = Math.max(0, nowMs - bucket.atMs) / everyMs;
  const tokens = Math.min(burst, bucket.tokens + grown) - 1;
  return { bucket: { tokens, atMs: nowMs }, waitMs: tokens >= 0 ? 0 : Math.ceil(-tokens * everyMs) };
}
