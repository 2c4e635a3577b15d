/** One controller, and who of several leads. */
export type ControllerView = { readonly name: string } & LeadView;

/** Who of several controllers may change anything. */
export type LeadView =
  | { readonly leads: true }
  | {
      readonly leads: false;
      /** The name of the one that leads, where it is known. */
      readonly leader?: string;
      /** Where its page and API are. */
      readonly leaderUrl?: string;
      /** Why it is not known who leads, or what is wrong with it. */
      readonly reason?: string;
    };

/** Who changes things in this one's place, in one line. */
export function standbyText({ leader, leaderUrl, reason }: Extract<LeadView, { leads: false }>): string {
  const who = leaderUrl === undefined ? leader : `${leader} at ${leaderUrl}`;
  return [who === undefined ? 'nobody is known to lead' : `${who} leads`, reason]
    .filter((part) => part !== undefined)
    .join(': ');
}
