const least = { major: 20, minor: 19 } as const;

/** Why this version of Node cannot run the program; undefined when it can. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major > least.major || (major === least.major && minor >= least.minor)) return undefined;
  return `expected Node ${least.major}.${least.minor} or later, this is ${version}: install a newer one and try again`;
}
