/**
 * Names that people, alarms and service control policies rely on. They are fixed, so there is one Rescind in an account.
 * The functions' and roles' names stand in shared/cases/own-roles.ts, the quarantine policy's in shared/containment.
 */
export const STACK_NAME = 'Rescind';
export const GUARD_STACK_NAME = 'RescindGuard';
export const MACHINE_NAME = 'Rescind-remediate';
export const GUARD_POLICY_NAME = 'Rescind-Guard';
/** What stands before the alias of each key: the organisation's guard knows them by it. */
export const KEY_ALIAS_PREFIX = 'alias/rescind-';
export const LEDGER_KEY_ALIAS = `${KEY_ALIAS_PREFIX}ledger`;
export const ALERTS_KEY_ALIAS = `${KEY_ALIAS_PREFIX}alerts`;
export const EVIDENCE_KEY_ALIAS = `${KEY_ALIAS_PREFIX}evidence`;
/** What stands before the name of each EventBridge rule and alarm. */
export const NAME_PREFIX = 'Rescind-';
