import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { freePort } from '../free-port.ts';

/** What comes instead of Consul's own answers; `empty` is 200 and `[]` for the collectors of a service, and nothing else is touched. */
export type Misbehaviour = { readonly status: number } | 'empty';

/** A way to a real Consul that misbehaves on demand. */
export interface ConsulProxy {
  readonly host: string;
  readonly port: number;
  /** Also for the questions that are waiting for their answers; undefined: Consul itself answers again. */
  misbehave(how: Misbehaviour | undefined): void;
  /** Answers that were not Consul's own. */
  readonly wrongAnswers: number;
  stop(): Promise<void>;
}

interface Waiting {
  readonly asked: IncomingMessage;
  readonly response: ServerResponse;
  readonly drop: () => void;
}

export async function startConsulProxy(consul: {
  readonly host: string;
  readonly port: number;
}): Promise<ConsulProxy> {
  const [host, port] = ['127.0.0.1', await freePort()];
  const waiting = new Set<Waiting>();
  const state: { how: Misbehaviour | undefined; wrong: number } = { how: undefined, wrong: 0 };

  const lie = (asked: IncomingMessage, response: ServerResponse): boolean => {
    const answer = wrongAnswer(asked, state.how);
    if (answer === undefined) return false;
    state.wrong += 1;
    response.writeHead(answer.status, answer.headers).end(answer.body);
    return true;
  };
  const server = createServer((asked, response) => {
    if (lie(asked, response)) {
      asked.resume();
      return;
    }
    const { method, url: path, headers } = asked;
    const onward = request({ ...consul, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response).on('error', () => undefined);
    });
    const entry = { asked, response, drop: () => onward.destroy() };
    waiting.add(entry);
    onward.on('error', () => response.destroy()).on('close', () => waiting.delete(entry));
    response.on('close', entry.drop);
    asked.pipe(onward);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));

  return {
    host,
    port,
    misbehave(how) {
      state.how = how;
      for (const { asked, response, drop } of [...waiting]) {
        if (!response.headersSent && lie(asked, response)) drop();
      }
    },
    get wrongAnswers() {
      return state.wrong;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function wrongAnswer({ url = '/' }: IncomingMessage, how: Misbehaviour | undefined) {
  if (how === undefined) return undefined;
  if (how !== 'empty') {
    return {
      status: how.status,
      headers: {},
      body: how.status === 429 ? 'Your IP is issuing too many concurrent connections' : 'No cluster leader',
    };
  }
  const asked = new URL(url, 'http://consul');
  if (!asked.pathname.startsWith('/v1/health/service/')) return undefined;
  return {
    status: 200,
    // As of a server that lost its state: a client that knows better asks again at once.
    headers: { 'Content-Type': 'application/json', 'X-Consul-Index': '1', 'X-Consul-KnownLeader': 'true' },
    body: '[]',
  };
}
