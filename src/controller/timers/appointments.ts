import type { Clock } from '../../runtime/clock.ts';

/** Keys that something is due for later, each once. */
export interface Appointments {
  /** Calls with the key after `waitMs`; an earlier appointment of the key is replaced. */
  set(key: string, waitMs: number): void;
  cancel(key: string): void;
  /** Takes no more keys; what was due is not called. */
  stop(): void;
}

export function createAppointments(clock: Clock, due: (key: string) => void): Appointments {
  const appointments = new Map<string, AbortController>();
  let stopped = false;

  function cancel(key: string): void {
    appointments.get(key)?.abort();
    appointments.delete(key);
  }

  async function wait(key: string, waitMs: number, appointment: AbortController): Promise<void> {
    await clock.sleep(waitMs, appointment.signal).catch(() => appointment.abort());
    if (appointment.signal.aborted) return;
    appointments.delete(key);
    due(key);
  }

  return {
    set(key, waitMs) {
      if (stopped) return;
      cancel(key);
      const appointment = new AbortController();
      appointments.set(key, appointment);
      void wait(key, waitMs, appointment);
    },
    cancel,
    stop() {
      stopped = true;
      for (const key of [...appointments.keys()]) cancel(key);
    },
  };
}
