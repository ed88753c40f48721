import type { AccessEvent } from '../../shared/access/access-event.ts';
import type { Touched } from '../../shared/cases/case.ts';
import type { Engines } from '../../shared/rules/engines/engine.ts';

// Set when the function is bundled: a stack whose rules need no expressions does not carry RE2 and CIDR matching. Where
// nothing is bundled, as in a test, they do not exist, and both are loaded.
declare const RULES_USE_REGEX: boolean;
declare const RULES_USE_CIDR: boolean;
declare const RULES_USE_RESOURCES: boolean;

/** The matchers that the deployed rules need. */
export async function loadEngines(): Promise<Engines> {
  return {
    ...(typeof RULES_USE_REGEX === 'undefined' || RULES_USE_REGEX
      ? { regex: (await import('../../shared/rules/engines/re2-regex.ts')).re2Regex }
      : {}),
    ...(typeof RULES_USE_CIDR === 'undefined' || RULES_USE_CIDR
      ? { cidr: (await import('../../shared/rules/engines/ipaddr-cidr.ts')).ipaddrCidr }
      : {}),
    ...(typeof RULES_USE_RESOURCES === 'undefined' || RULES_USE_RESOURCES
      ? { resources: (await import('../../shared/rules/engines/named-resources.ts')).namedResources }
      : {}),
  };
}

/** Reads what a call touched: bundled only where a rule is about resources, or is answered with the access to them. */
export async function loadTouchedBy(): Promise<(event: AccessEvent) => Touched> {
  if (typeof RULES_USE_RESOURCES === 'undefined' || RULES_USE_RESOURCES) {
    return (await import('../../shared/cases/touched-by.ts')).touchedBy;
  }
  return () => {
    throw new TypeError('No deployed rule is answered with what it touched');
  };
}
