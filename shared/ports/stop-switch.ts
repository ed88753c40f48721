/** Asked just before the first write of a containment. A switch that cannot be read counts as stopped. */
export type StopSwitch = () => Promise<{ readonly stopped: false } | { readonly stopped: true; readonly why: string }>;
