export { checkAnswer as checkGroups } from './getters/answer/check-answer.ts';
export type { CheckedGroups } from './getters/answer/check-groups.ts';
export { createGetterContext, type GetterContextOptions } from './getters/getter-context.ts';
export type { Getter, GetterContext, GetterHttp, GetterHttpOptions, GetterLog } from './model/getter.ts';
export type { Labels, TargetGroup } from './model/target-group.ts';
