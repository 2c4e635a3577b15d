import { embeddedNeedsNodes, embeddedTakesNoAccess, tlsIsWhole } from './consul-rules.ts';
import {
  ansibleTakesNoReload,
  commandsAreWhole,
  foldersAreWhole,
  placeholdersAreKnown,
  playbooksNeedAnsible,
} from './delivery-rules.ts';
import {
  handoffsHaveTime,
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
  handoffsHaveTime,
  hasJobs,
  jobNamesAreIdentifiers,
  registeredJobsHaveNodes,
  nodesAreDistinct,
  serviceIdsAreDistinct,
  pathsNeedHttpChecks,
  handoffsHaveTime,
  playbooksNeedAnsible,
  ansibleTakesNoReload,
  commandsAreWhole,
  foldersAreWhole,
  placeholdersAreKnown,
];
