/** What a caller may be allowed to do. `operate` is for who runs Rowferry: redrives, metrics. */
export const SCOPES = ['read', 'upload', 'operate'] as const;

export type Scope = (typeof SCOPES)[number];
