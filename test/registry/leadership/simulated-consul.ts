import { parseLockText } from '../../../src/registry/consul/leadership/lock-value.ts';

export const ttlMs = 10_000;
const lockDelayMs = 1000;

interface Session {
  renewedAt: number;
  /** How many ttls this Consul waits before it ends it: one to two. */
  readonly patience: number;
}

interface Key {
  readonly session: string | undefined;
  readonly text: string;
}

export interface SimulatedConsulOptions {
  readonly now: () => number;
  readonly random: () => number;
  readonly changed: () => void;
}

/** What Consul does with one lock and the sessions around it, as far as its documentation promises. */
export class SimulatedConsul {
  readonly #options: SimulatedConsulOptions;
  readonly #sessions = new Map<string, Session>();
  #made = 0;
  #key: Key | undefined;
  #delayedUntil = 0;

  constructor(options: SimulatedConsulOptions) {
    this.#options = options;
  }

  create(): string {
    this.#made += 1;
    const id = `s${this.#made}`;
    this.#sessions.set(id, { renewedAt: this.#options.now(), patience: 1 + this.#options.random() });
    return id;
  }

  renew(id: string): boolean {
    const session = this.#sessions.get(id);
    if (session !== undefined) session.renewedAt = this.#options.now();
    return session !== undefined;
  }

  acquire(session: string, text: string): boolean {
    if (!this.#sessions.has(session)) throw new Error('invalid session');
    const holder = this.#key?.session;
    if (holder !== undefined && holder !== session) return false;
    if (holder === undefined && this.#options.now() < this.#delayedUntil) return false;
    this.#set({ session, text });
    return true;
  }

  end(id: string): void {
    this.#sessions.delete(id);
    if (this.#key?.session !== id) return;
    this.#set({ session: undefined, text: this.#key.text });
    this.#delayedUntil = this.#options.now() + lockDelayMs;
  }

  /** Ends the sessions whose time is over. */
  expire(): void {
    for (const [id, { renewedAt, patience }] of this.#sessions)
      if (this.#options.now() >= renewedAt + ttlMs * patience) this.end(id);
  }

  shown() {
    const key = this.#key;
    return key === undefined ? undefined : { ...key, value: parseLockText(key.text) };
  }

  release(session: string, text: string): void {
    if (this.#key?.session === session) this.#set({ session: undefined, text });
  }

  wipe(): void {
    this.#sessions.clear();
    this.#delayedUntil = 0;
    this.removeKey();
  }

  removeKey(): void {
    this.#set(undefined);
  }

  #set(key: Key | undefined): void {
    this.#key = key;
    this.#options.changed();
  }
}
