import type { ExportedMember, GetterPlace, MemberVia } from '../wire.ts';

type Holder = readonly [MemberVia, object];

/** What a loaded file exports: its named exports, and the own members of its default object or class. */
export function membersOf(module: object): readonly ExportedMember[] {
  const named = new Set(ownNames(module).map((name) => Reflect.get(module, name)));
  return holdersOf(module).flatMap(([via, holder]) =>
    ownNames(holder)
      .filter((name) => isOffered(via, holder, name))
      .map((name) => ({ name, via, value: Reflect.get(holder, name) }))
      .filter(({ value }) => via === 'named' || (typeof value === 'function' && !named.has(value)))
      .map((member) => ({ name: member.name, via, what: whatIs(member.value) })),
  );
}

/** The function at a place, bound to what it is a member of. */
export function memberAt(module: object, { name, via }: Pick<GetterPlace, 'name' | 'via'>): unknown {
  const holder = holdersOf(module).find(([kind, object]) => kind === via && Object.hasOwn(object, name))?.[1];
  const value: unknown = holder === undefined ? undefined : Reflect.get(holder, name);
  if (typeof value !== 'function') return undefined;
  return value.bind(via === 'named' ? undefined : receiver(module, via));
}

function receiver(module: object, via: MemberVia): unknown {
  const value = defaultOf(module);
  return via === 'instance' && isClass(value) ? Reflect.construct(value, []) : value;
}

function holdersOf(module: object): readonly Holder[] {
  const value = defaultOf(module);
  if (isClass(value)) {
    return [['named', module], ['static', value], ...prototypeHolder(value.prototype)];
  }
  if (typeof value !== 'object' || value === null) return [['named', module]];
  return [['named', module], ['default', value], ...prototypeHolder(Object.getPrototypeOf(value))];
}

function prototypeHolder(prototype: unknown): readonly Holder[] {
  const own = typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype;
  return own ? [['instance', prototype]] : [];
}

function defaultOf(module: object): unknown {
  return Object.hasOwn(module, 'default') ? Reflect.get(module, 'default') : undefined;
}

function isOffered(via: MemberVia, holder: object, name: string): boolean {
  if (via === 'named') return name !== 'default';
  if (via === 'instance' && name === 'constructor') return false;
  return 'value' in (Object.getOwnPropertyDescriptor(holder, name) ?? {});
}

function ownNames(value: object): readonly string[] {
  return Object.getOwnPropertyNames(value);
}

function whatIs(value: unknown): string {
  if (isClass(value)) return 'a class';
  if (typeof value === 'function') return 'function';
  return value === null ? 'null' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

/** Classes, unlike functions, have a prototype that cannot be replaced. */
function isClass(value: unknown): value is new () => object {
  return (
    typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  );
}
