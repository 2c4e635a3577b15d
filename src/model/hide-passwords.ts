/** What stands between the scheme of a URL and its host; also at the very start of a text, where it holds a colon. */
const userInfo = /(?:^(?=[^\s@]*:)|(?<=:\/\/))[^\s/?#"']+@/g;

/** Text as it may be shown, with user and password of every URL in it left out. */
export function hidePasswords(text: string): string {
  return text.replaceAll(userInfo, '…@');
}
