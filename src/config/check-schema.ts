import { type Complaint, isWithin, type Path, pathsMeet } from './complaint.ts';
import { describeIssue, type SchemaComplaint } from './describe-issue.ts';
import { type ConfigInput, configSchema } from './schema/config-schema.ts';
import { schemaLevels } from './schema/schema-levels.ts';
import { plainValue } from './yaml/plain-value.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

export interface SchemaAnswer {
  readonly complaints: readonly Complaint[];
  /** What the file says without what is wrong in it, so that the rules can judge the rest; absent where nothing is left. */
  readonly config?: ConfigInput;
  /** What was left out of `config`. */
  readonly omitted: readonly Path[];
  /** What rules must not complain about: it was said already. */
  readonly settled: readonly Path[];
}

/** Where a file has more than so many faults, the first ones say enough. */
const mostIssues = 1_000;

/** Holds a file against the schema without what `refused` names; what fails is left out too, and the rest tried again. */
export function checkSchema(root: YamlNode, refused: readonly Path[]): SchemaAnswer {
  const levels = schemaLevels();
  let complaints: readonly SchemaComplaint[] = [];
  let omitted = refused;
  for (;;) {
    const settled = [...refused, ...complaints.map(({ settles }) => settles)];
    const parsed = configSchema.safeParse(plainValue(root, omitted));
    if (parsed.success) return { complaints, config: parsed.data, omitted, settled };
    const issues = parsed.error.issues.slice(0, mostIssues);
    const found = issues.flatMap((issue) => describeIssue(issue, { root, omitted, levels }));
    const wider = withoutInner([...omitted, ...found.map(({ omit }) => omit)]);
    if (wider.length === omitted.length && wider.every((path) => isAmong(path, omitted))) {
      return { complaints, omitted, settled };
    }
    complaints = [...complaints, ...news(found, omitted)];
    if (parsed.error.issues.length > mostIssues) return { complaints, omitted, settled };
    omitted = wider;
  }
}

/** What was not said of these paths before, nor is by the advice on a misspelt key beside. */
function news(found: readonly SchemaComplaint[], omitted: readonly Path[]): readonly SchemaComplaint[] {
  const misspelt = found.filter(({ path, settles }) => settles !== path).map(({ settles }) => settles);
  const told = [...omitted, ...misspelt];
  return found.filter(({ path }) => !told.some((gone) => pathsMeet(path, gone)));
}

/** Each once, and none that lies within another. */
function withoutInner(paths: readonly Path[]): readonly Path[] {
  return paths.filter((path, index) =>
    paths.every((other, place) => {
      const inside = isWithin(path, other);
      return !inside || (isWithin(other, path) ? place >= index : false);
    }),
  );
}

function isAmong(path: Path, paths: readonly Path[]): boolean {
  return paths.some((other) => isWithin(path, other) && isWithin(other, path));
}
