export type { Getter, GetterContext, GetterHttp, GetterHttpOptions, GetterLog } from './model/getter.ts';
export type { Labels, TargetGroup } from './model/target-group.ts';
