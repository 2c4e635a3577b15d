/** What a JSON text says; undefined where it is none, for a getter can write to the pipe of its reports too. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
