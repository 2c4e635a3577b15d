import { embeddedNeedsNodes, embeddedTakesNoAccess, tlsIsWhole } from './consul-rules.ts';
import {
  ansibleTakesNoReload,
  commandsAreWhole,
  foldersAreWhole,
  placeholdersAreKnown,
  playbooksNeedAnsible,
} from './delivery-rules.ts';
import {
  hasJobs,
  jobNamesAreIdentifiers,
  nodesAreDistinct,
  oneSchedule,
  pathsNeedHttpChecks,
  registeredJobsHaveNodes,
  serviceIdsAreDistinct,
} from './job-rules.ts';
import type { Rule } from './rule.ts';

/** What must hold between the values of one file, without a look at anything else. */
export const rules: readonly Rule[] = [
  embeddedTakesNoAccess,
  embeddedNeedsNodes,
  tlsIsWhole,
  oneSchedule,
  hasJobs,
  jobNamesAreIdentifiers,
  registeredJobsHaveNodes,
  nodesAreDistinct,
  serviceIdsAreDistinct,
  pathsNeedHttpChecks,
  playbooksNeedAnsible,
  ansibleTakesNoReload,
  commandsAreWhole,
  foldersAreWhole,
  placeholdersAreKnown,
];
