import manifest from '../package.json' with { type: 'json' };

/** The version of Rowferry: all its packages have the same. */
export const VERSION: string = manifest.version;
