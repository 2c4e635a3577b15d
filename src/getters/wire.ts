/** Where a getter sits in its file. */
export interface GetterPlace {
  /** The absolute path of the file. */
  readonly file: string;
  readonly name: string;
  readonly via: MemberVia;
}

/** How a file exports a member: by its own name, or as a member of its default object, class or class instance. */
export const memberVias = ['named', 'default', 'static', 'instance'] as const;
export type MemberVia = (typeof memberVias)[number];

export interface ExportedMember {
  readonly name: string;
  readonly via: MemberVia;
  /** `function` for what can be a getter, else what it is: `a class`, `a string`. */
  readonly what: string;
}

/** What a child process is to do, given as its one argument in JSON. */
export type ChildTask = ChildLimits &
  (
    | { readonly kind: 'list' }
    | {
        readonly kind: 'run';
        readonly job: string;
        readonly member: Pick<GetterPlace, 'name' | 'via'>;
      }
  );

interface ChildLimits {
  /** The process without which the child has no reason to live. */
  readonly parentPid: number;
  /** Milliseconds from the start of the process until its signal aborts. */
  readonly timeoutMs: number;
  /** Milliseconds after that until nothing of it may be left. */
  readonly graceMs: number;
}

/** The file descriptor on which a child reports: one line each, the kind's letter, then JSON. */
export const reportFd = 3;

/** The first letter of a report. All but `log` and `exit` are the last word of a child. */
export const reportKinds = {
  log: 'L',
  exit: 'X',
  answer: 'A',
  exports: 'E',
  threw: 'T',
  unfit: 'U',
  late: 'Z',
} as const;

export type ReportKind = keyof typeof reportKinds;

/** The JSON of a `threw` report. */
export interface ThrownReport {
  /** Name and message, with those of its causes. */
  readonly text: string;
  readonly stack: string;
}

/** The JSON of an `exit` report: the child is about to end by itself. */
export interface ExitReport {
  readonly code: number;
  readonly stack: string;
}

/** The JSON of a `log` report. */
export interface LogReport {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
