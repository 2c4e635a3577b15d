import type { Held, Place, Transport } from '../../../src/delivery/transport.ts';
import { ShardError } from '../../../src/model/errors.ts';
import { whenAborted } from '../../../src/runtime/when-aborted.ts';
import type { CollectorDouble } from './collector-double.ts';
import type { Life } from './life.ts';

export type Step = 'read' | 'write' | 'reload' | 'ask';

/** Milliseconds there and back, on a good day; and after which a call that gets no answer is given up. */
const thereMs = 10;
const backMs = 5;
const slowMs = 8000;
const lateMs = 3000;
const limitMs = 20_000;

export interface ReachOptions<T> {
  readonly life: Life;
  readonly collector: CollectorDouble;
  readonly step: Step;
  readonly signal: AbortSignal;
  /** Asked at the last moment before it is sent; throws where it must not be. */
  readonly fence?: () => void;
  /** What the call is made for. */
  readonly act: () => T;
}

/** One call of a controller to a collector, with all that may become of it. */
export function reach<T>({ life, collector, step, signal, fence, act }: ReachOptions<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    let arrived = false;
    const settle = (then: () => void) => {
      if (over) return;
      over = true;
      life.calls.delete(call);
      if (step === 'read') life.mayThinkAnew = true;
      off();
      then();
    };
    const fail = (code: 'ssh_connect_failed' | 'delivery_timeout' | 'delivery_disk_full' | 'reload_failed') =>
      settle(() =>
        reject(new ShardError(code, `${step} of ${collector.name}: ${code}`, { retryable: true })),
      );
    const done = (ms: number, then: () => void) => void life.after(ms, () => settle(then));
    const failAfter = (ms: number) => void life.after(ms, () => fail('delivery_timeout'));
    const passesFence = () => {
      try {
        fence?.();
        return true;
      } catch (error) {
        settle(() => reject(error));
        return false;
      }
    };
    const arrive = () => {
      if (over || !passesFence()) return;
      arrived = true;
      const obstacle = obstacleOf(collector, step);
      switch (obstacle) {
        case 'none':
        case 'late': {
          const value = act();
          return done(obstacle === 'late' ? lateMs : backMs, () => resolve(value));
        }
        case 'answer lost':
          act();
          return failAfter(backMs);
        case 'hangs':
          if (step === 'write') collector.park(act);
          return failAfter(limitMs);
        default:
          return fail(obstacle);
      }
    };
    const call = {
      end(inFlight: 'lost' | 'lands') {
        if (inFlight === 'lands' && step === 'write' && !arrived) arrive();
        fail('ssh_connect_failed');
      },
    };
    const off = whenAborted(signal, () => settle(() => reject(abortedError(signal))));
    if (over) return;
    if (life.state === 'dead') return fail('ssh_connect_failed');
    life.calls.add(call);
    life.after(collector.way === 'slow' && step !== 'ask' ? slowMs : thereMs, arrive);
  });
}

type Obstacle =
  | 'none'
  | 'answer lost'
  | 'late'
  | 'hangs'
  | 'ssh_connect_failed'
  | 'delivery_disk_full'
  | 'reload_failed';

function obstacleOf({ up, way, api }: CollectorDouble, step: Step): Obstacle {
  if (!up) return 'ssh_connect_failed';
  if (step === 'ask') {
    const asked = { open: 'none', refuses: 'ssh_connect_failed', hangs: 'hangs', late: 'late' } as const;
    return asked[api];
  }
  switch (way) {
    case 'refuses':
      return 'ssh_connect_failed';
    case 'hangs':
      return 'hangs';
    case 'full':
      return step === 'write' ? 'delivery_disk_full' : 'none';
    case 'loses':
      return step === 'write' ? 'answer lost' : 'none';
    case 'no reload':
      return step === 'reload' ? 'reload_failed' : 'none';
    case 'open':
    case 'slow':
      return 'none';
  }
}

function abortedError(signal: AbortSignal): ShardError {
  const reason: unknown = signal.reason;
  return reason instanceof ShardError
    ? reason
    : new ShardError('delivery_aborted', 'called off', { retryable: true, cause: reason });
}

/** One write: what is to be called where the fence let it pass, and where the file is replaced. */
export interface Write {
  passed(): void;
  act(): void;
}

/** What a controller's transport does to the collectors' files. */
export interface Hands {
  collector(place: Place): CollectorDouble;
  /** Called where a write begins. */
  writes(collector: CollectorDouble, path: string, bytes: Buffer): Write;
}

/** The way of one process to all collectors. */
export function transportOf(life: Life, hands: Hands): Transport {
  return {
    read(place, signal) {
      const collector = hands.collector(place);
      const act = (): Held => {
        const bytes = collector.files.get(pathOf(place));
        return bytes === undefined ? { state: 'none' } : { state: 'file', bytes };
      };
      return reach({ life, collector, step: 'read', signal, act });
    },
    write(place, bytes, signal, fence) {
      const collector = hands.collector(place);
      const write = hands.writes(collector, pathOf(place), bytes);
      return reach({
        life,
        collector,
        step: 'write',
        signal,
        ...write,
        fence: () => {
          fence();
          write.passed();
        },
      });
    },
    reload(place, signal) {
      const collector = hands.collector(place);
      return reach({ life, collector, step: 'reload', signal, act: () => true });
    },
    ask: () => Promise.reject(new Error('expected the scrape check to be asked, not the transport')),
    close: async () => undefined,
  };
}

function pathOf({ path }: Place): string {
  if (path === undefined) throw new Error('expected a place with a path');
  return path;
}
