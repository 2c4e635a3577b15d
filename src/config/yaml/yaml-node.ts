export type YamlScalarValue = string | number | boolean | null;

/** A value of a YAML file with the offset of its first character, -1 where it has none. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

interface Common {
  readonly at: number;
  /** How many values it holds, itself included, aliases counted as often as they are used. */
  readonly size: number;
}

export interface YamlScalar extends Common {
  readonly kind: 'scalar';
  readonly value: YamlScalarValue;
}

export interface YamlList extends Common {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Common {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: string;
  readonly keyAt: number;
  readonly value: YamlNode;
}

/** Something wrong with the YAML itself. */
export interface YamlFault {
  readonly at: number;
  readonly message: string;
}
