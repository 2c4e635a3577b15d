import { messageOf, ShardError } from '../../model/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ConsulMetrics } from './consul-metrics.ts';

interface Registered {
  readonly id: string;
  readonly job: string;
}

/** Carries out single changes on the agent, and says once what changed or went wrong. */
export interface RegistrationReport {
  /** 0 when it worked, 1 when it failed. Rejects when the agent is out of reach, as the next would be too. */
  registering(one: Registered, work: () => Promise<void>): Promise<number>;
  removing(one: Registered, work: () => Promise<void>): Promise<number>;
  agentAnswered(): void;
  agentFailed(error: unknown): void;
  /** Why the last try for this id failed. */
  problem(id: string): string | undefined;
}

/** `counts` tells the jobs that have metrics: an instance of another job may be removed. */
export function createRegistrationReport(
  log: Logger,
  metrics: ConsulMetrics,
  counts: (job: string) => boolean,
): RegistrationReport {
  const problems = new Map<string, ShardError>();
  let agentProblem: string | undefined;

  async function attempt(
    { id, job }: Registered,
    work: () => Promise<void>,
    result: 'registered' | 'removed',
    text: string,
  ): Promise<number> {
    const counted = (one: 'registered' | 'removed' | 'failed') =>
      counts(job) && metrics.registration(job, one);
    try {
      await work();
    } catch (error) {
      counted('failed');
      if (!isRefusal(error)) throw error;
      if (problems.get(id)?.code !== error.code)
        log.error({ job, id, error }, 'registration in Consul failed');
      problems.set(id, error);
      return 1;
    }
    problems.delete(id);
    counted(result);
    log.info({ job, id }, text);
    return 0;
  }

  return {
    registering: (one, work) => attempt(one, work, 'registered', 'collector registered in Consul'),
    removing: (one, work) => attempt(one, work, 'removed', 'collector removed from Consul'),
    agentAnswered() {
      if (agentProblem !== undefined) log.info('registrations in Consul can be compared again');
      agentProblem = undefined;
    },
    agentFailed(error) {
      if (agentProblem === undefined) log.error({ error }, 'registrations in Consul could not be compared');
      agentProblem = messageOf(error);
    },
    problem(id) {
      const refusal = problems.get(id);
      return refusal === undefined ? agentProblem : messageOf(refusal);
    },
  };
}

/** Whether Consul answered, so that the next registration is worth a try. */
function isRefusal(error: unknown): error is ShardError {
  return error instanceof ShardError && error.code !== 'consul_unreachable' && error.code !== 'consul_busy';
}
