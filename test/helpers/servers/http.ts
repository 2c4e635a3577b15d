export interface HttpOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 2000. */
  readonly timeoutMs?: number;
}

/** The text of a 2xx answer; anything else rejects, with the body. */
export async function httpText(url: string, options: HttpOptions = {}): Promise<string> {
  const { timeoutMs = 2000, ...init } = options;
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${init.method ?? 'GET'} ${url} answered ${response.status}: ${text.slice(0, 500)}`);
}

/** The same, read as JSON; undefined for an empty body. */
export async function httpJson(url: string, options: HttpOptions = {}): Promise<unknown> {
  const text = await httpText(url, options);
  return text === '' ? undefined : JSON.parse(text);
}
