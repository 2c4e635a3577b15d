import http from 'node:http';
import net from 'node:net';
import { hostPort } from '../model/collector.ts';
import type { HealthCheck } from '../model/job.ts';
import { whenAborted } from '../runtime/when-aborted.ts';
import { networkMessage } from './network-message.ts';
import type { Health } from './sighting.ts';

type Verdict = Extract<Health, { state: 'passing' | 'failing' }>;

/** Tries a collector's check once: a TCP connection, or an HTTP GET that answers 2xx. Rejects only when the signal aborts. */
export async function tryCheck(
  check: HealthCheck,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Verdict> {
  const ending = new AbortController();
  const late = setTimeout(
    () => ending.abort(new Error(`no answer within ${check.timeoutMs} ms`)),
    check.timeoutMs,
  );
  const forget = whenAborted(signal, () => ending.abort());
  try {
    await (check.type === 'tcp'
      ? connect(host, port, ending.signal)
      : get(`http://${hostPort(host, port)}${check.path}`, ending.signal));
    return { state: 'passing' };
  } catch (error) {
    signal.throwIfAborted();
    return { state: 'failing', reason: networkMessage(ending.signal.aborted ? ending.signal.reason : error) };
  } finally {
    clearTimeout(late);
    forget();
    ending.abort();
  }
}

function connect(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, signal });
    socket.once('error', reject).once('connect', resolve);
  });
}

function get(url: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, signal }, ({ statusCode = 0 }) => {
      if (statusCode >= 200 && statusCode < 300) resolve();
      else reject(new Error(`GET ${url} answered ${statusCode}`));
    });
    request.on('error', reject);
  });
}
