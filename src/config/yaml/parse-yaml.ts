import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { type Composer, composeNode } from './compose.ts';
import type { YamlFault, YamlNode } from './yaml-node.ts';

export type YamlAnswer =
  | { readonly ok: true; readonly root: YamlNode }
  | { readonly ok: false; readonly faults: readonly YamlFault[] };

const maxDepth = 50;
const maxValues = 200_000;

/** The one document of a YAML text as a tree with positions; what YAML itself forbids comes as faults. */
export function parseYaml(text: string): YamlAnswer {
  const read = readEvents(text);
  if (!read.ok) return read;
  const { events } = read;
  const composer: Composer = { text, events, next: 1, faults: [], anchors: new Map() };
  if (events.length === 0) return { ok: false, faults: [{ at: 0, message: emptyMessage }] };
  const root = composeNode(composer);
  const faults = [...composer.faults, ...wholeFaults(events, root)];
  return faults.length === 0 ? { ok: true, root } : { ok: false, faults };
}

const emptyMessage = 'the file is empty: it needs at least `shard_service` with one job';

type EventsAnswer =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly faults: readonly YamlFault[] };

function readEvents(text: string): EventsAnswer {
  try {
    return { ok: true, events: parseEvents(text, { maxDepth }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = Math.min(error.mark?.position ?? 0, text.length);
    return {
      ok: false,
      faults: [{ at, message: `no valid YAML: ${reasonOf(error.reason)}${hintFor(text, at, error.reason)}` }],
    };
  }
}

function reasonOf(reason: string): string {
  return reason.includes('maxDepth') ? `values are nested more than ${maxDepth} deep` : reason;
}

function hintFor(text: string, at: number, reason: string): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
  if (/^ *\t/.test(line)) return ' (YAML is indented with spaces, never with tabs)';
  if (reason.includes('indentation') && /: .*: /.test(line))
    return ' (put a value that holds ": " in quotes)';
  if (/deficient|unexpected end/.test(reason)) return ' (is a bracket or a quote above left open?)';
  if (/: *[@`%]/.test(line)) return ' (put a value that begins with @, ` or % in quotes)';
  return '';
}

function wholeFaults(events: readonly Event[], root: YamlNode): readonly YamlFault[] {
  const second = events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT);
  if (second !== -1) {
    const message = 'a second document begins here (`---`): a configuration is one document';
    return [{ at: startOf(events[second + 1]), message }];
  }
  if (root.kind === 'scalar' && root.value === null) return [{ at: 0, message: emptyMessage }];
  if (root.size > maxValues) {
    return [
      {
        at: 0,
        message: `its aliases unfold to more than ${maxValues} values: write them out or remove them`,
      },
    ];
  }
  return [];
}

function startOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if ('start' in event) return event.start;
  return 'valueStart' in event ? Math.max(0, event.valueStart) : 0;
}
