/** A URL as a message may show it: without user and password, and with the values of its query hidden. */
export function safeUrl(url: URL): string {
  const names = [...new Set(url.searchParams.keys())];
  const query = names.map((name) => `${encodeURIComponent(name)}=…`).join('&');
  return `${url.protocol}//${url.host}${url.pathname}${query === '' ? '' : `?${query}`}`;
}
